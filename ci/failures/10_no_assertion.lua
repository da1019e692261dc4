scenario("nothing is asserted", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:message(bob, "hello")
end)
