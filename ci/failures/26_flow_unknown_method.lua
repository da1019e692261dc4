scenario("a flow's method is misspelt", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  t:flow [[
    alice->>bob: OPTOINS
    bob->>alice: 200
  ]]
end)
