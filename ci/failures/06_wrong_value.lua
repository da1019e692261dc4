scenario("the hops are not counted", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob, { max_forwards = 5 }):response(200)
  local message = t:messages("alice->>bob: OPTIONS")[1]
  expect(message.max_forwards, "Max-Forwards"):equals(70)
end)
