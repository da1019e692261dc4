scenario("a flow names somebody else", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  t:flow [[
    alice->>bob: OPTIONS
    bbo->>alice: 200
  ]]
end)
