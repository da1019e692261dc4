scenario("a bracket is missing", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200
end)
