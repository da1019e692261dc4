local function answered(bob)
  local leg = bob:expect_invite()
  leg:answer()
  return leg
end

scenario("the callee waits for a second call", { timeout = "10s" }, function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:invite(bob):wait("calling")
  answered(bob):wait("confirmed")
  answered(bob)
end)
