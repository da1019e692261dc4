scenario("a message after the last line", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  t:flow [[
    alice->>bob: OPTIONS
    bob->>alice: 200
  ]]
  alice:options(bob):response(200)
end)
