-- RFC 3261 §17.2.2: a transaction has one final response.
local alice_of = require("_alice")

scenario("a request is answered once", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  bob:send(alice, { method = "OPTIONS", uri = alice.uri })
  bob:expect(200)
  bob:expect_none("*", "40s")
end)
