-- RFC 7616 §3.4.4, §5.12: each answer has a cnonce that was not used before.
local alice_of = require("_alice")

scenario("each answer has a cnonce of its own", function(t)
  local alice, server = alice_of(t, { auth = { user = "alice", password = "open" } }), t:wire("server")
  local seen = {}
  for i = 1, 2 do
    local tx = alice:options(server)
    server:reply(server:expect("OPTIONS"), 401, { headers = {
      ["WWW-Authenticate"] = 'Digest realm="example.com", nonce="n' .. i .. '", qop="auth"' } })
    local again = server:expect("OPTIONS")
    seen[i] = again:header("Authorization"):match('cnonce="(.-)"')
    server:reply(again, 200)
    tx:response(200)
    t:sleep("10s") -- nothing is left of the first one
  end
  expect(seen[1]):never():equals(seen[2])
end)
