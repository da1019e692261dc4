-- RFC 3261 §8.1.1.7: the branch of each request is unique across space and time.
local alice_of = require("_alice")

scenario("each request has a branch of its own", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  local branches = {}
  for i = 1, 2 do
    local sent = alice:options(bob, { headers = { ["X-Try"] = tostring(i) } })
    local tx = bob:expect_request("OPTIONS")
    branches[i] = tx.request.via[1].branch
    tx:respond(200)
    sent:maybe(200, { within = "1s" })
    t:sleep("10s")                    -- the first transaction is over when the second begins
  end
  expect(branches[2]):never():equals(branches[1])
end)
