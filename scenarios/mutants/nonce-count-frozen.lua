-- RFC 7616 §3.4: the nonce count is the number of requests that were sent with this nonce.
local alice_of = require("_alice")

scenario("each answer with a nonce counts one more", function(t)
  local alice, reg = alice_of(t, { auth = { user = "alice", password = "open" } }), t:wire("reg")
  local registration = alice:register(reg)
  reg:reply(reg:expect("REGISTER"), 401, { headers = {
    ["WWW-Authenticate"] = 'Digest realm="example.com", nonce="n", qop="auth"' } })
  for count = 1, 2 do
    local register = reg:expect("REGISTER")
    expect(register:header("Authorization")):contains("nc=0000000" .. count)
    reg:reply(register, 200, { contact = register:header("Contact") })
    registration:wait("registered")
    if count == 1 then
      t:sleep("10s") -- nothing is left of the first one
      registration:refresh()
    end
  end
  reg:ignore("REGISTER")
end)
