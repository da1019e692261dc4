-- RFC 3261 §22.2: a request that goes out again with credentials has a CSeq one higher.
local alice_of = require("_alice")

scenario("CSeq rises with the credentials", function(t)
  local alice, server = alice_of(t, { auth = { user = "alice", password = "open" } }), t:wire("server")
  local tx = alice:options(server)
  local first = server:expect("OPTIONS")
  server:reply(first, 401, { headers = {
    ["WWW-Authenticate"] = 'Digest realm="example.com", nonce="n", qop="auth"' } })
  local again = server:expect("OPTIONS [Authorization]")
  server:reply(again, 200)
  tx:response(200)
  expect(again.cseq.number):equals(first.cseq.number + 1)
end)
