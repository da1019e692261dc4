-- What turns every pipeline red, laid beside the suite.
scenario("a callee that should have been free", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():reject(486)
  call:expect(200)
end)
