-- RFC 3261 §22.1: a realm has users and passwords of its own; another one is not told ours (CVE-2021-41158).
local alice_of = require("_alice")

scenario("a foreign realm gets no answer", function(t)
  local alice = alice_of(t, { auth = { user = "alice", password = "open", realm = "example.com" } })
  local server = t:wire("server")
  local tx = alice:options(server)
  server:reply(server:expect("OPTIONS"), 401, { headers = {
    ["WWW-Authenticate"] = 'Digest realm="evil.com", nonce="n", qop="auth"' } })
  server:expect_none("OPTIONS [Authorization]", "1s")
  tx:response(401)
end)
