scenario("a flow's arrow is wrong", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  t:flow [[
    alice->>bob: OPTIONS
    bob>>alice: 200
  ]]
end)
