scenario("a loop that waits without waiting", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local done = false
  while not done do end
  bob:expect_invite():answer()
end)
