-- The same call as the first one, over TCP. The connection is opened by the first message that needs
-- one, and the answers come back by it. bob's BYE goes by a connection of his own: he has no proof that
-- who opened the first one may be called back by it (RFC 5923), so he opens one to alice's Contact.
-- Nothing is repeated: TCP does that. The 2xx is the exception, for it goes from end to end.

scenario("a call over TCP", { covers = { "TRP-013", "TRP-018" } }, function(t)
  local alice, bob = t:agents("alice", "bob", { transport = "tcp" })

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  expect(leg.request.via[1].transport):equals("TCP")
  leg:ring()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  t:sleep("3s")
  leg:bye()
  call:wait("terminated")

  t:flow [[
    alice->>bob: INVITE x1
    bob->>alice: 100?
    bob->>alice: 180 x1
    bob->>alice: 200 INVITE x1
    alice->>bob: ACK x1
    Note over alice,bob: 3 seconds of talk
    bob->>alice: BYE x1
    alice->>bob: 200 BYE x1
  ]]
end)

scenario("each message comes in pieces of one byte", function(t)
  local alice, bob = t:agents("alice", "bob", { transport = "tcp" })
  t.net:segment("alice", "bob", 1)

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  call:bye()
  leg:wait("terminated")
  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 100?
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]]
end)
