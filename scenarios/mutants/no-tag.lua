-- RFC 3261 §8.2.6.2: every response but 100 has a To tag.
local alice_of = require("_alice")

scenario("a response has a To tag", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  bob:ignore("500")
  bob:send(alice, { method = "OPTIONS", uri = alice.uri })
  expect(bob:expect(200).to.tag):exists()
end)
