-- This one fails on purpose: the callee is busy, and the scenario wants it to ring.
scenario("the callee rings", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():reject(486)
  call:expect(180, { within = "2s" })
end)
