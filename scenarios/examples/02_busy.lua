-- The callee is busy. `expect` gives the message, which can be looked at.

scenario("a busy callee answers 486", function(t)
  local alice, bob = t:agents("alice", "bob")

  local call = alice:invite(bob)
  bob:expect_invite():reject(486)

  local busy = call:expect(486)
  expect(busy.reason):equals("Busy Here")
  expect(busy.to.tag):exists()                        -- RFC 3261 §8.2.6.2
  expect(call.state):equals("terminated")
  expect(call.ended):equals("rejected")

  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 486
    alice->>bob: ACK
  ]]
end)
