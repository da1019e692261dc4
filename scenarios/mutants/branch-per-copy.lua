-- RFC 3261 §17.1.1.2, §17.1.2.2: a retransmission is the same message, its branch too.
local alice_of = require("_alice")

scenario("copies of a request keep its branch", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  bob:ignore("OPTIONS")
  alice:options(bob):expect("timeout")
  local branches = {}
  for _, message in ipairs(t:messages("alice->>bob: OPTIONS")) do
    branches[message.via[1].branch] = true
  end
  local count = 0
  for _ in pairs(branches) do count = count + 1 end
  expect(count, "different branches"):equals(1)
end)
