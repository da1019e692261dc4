scenario("a flow's wrong name is a part of another one", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  t:flow [[
    alice->>bob: OPTIONS
    bo->>alice: 200
  ]]
end)
