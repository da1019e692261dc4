-- A call, from the INVITE to the BYE. The diagram at the end is the assertion: every message between
-- the two, in this order, and nothing else.

scenario("a call is set up and the callee hangs up", function(t)
  local alice, bob = t:agents("alice", "bob")

  local call = alice:invite(bob)      -- sends INVITE, does not block
  local leg  = bob:expect_invite()    -- blocks until bob has it
  leg:ring()                          -- 180
  leg:answer()                        -- 200 with an SDP answer
  call:wait("confirmed")              -- blocks; the ACK goes out by itself
  leg:wait("confirmed")               -- bob has the ACK
  t:sleep("3s")                       -- costs nothing under simulation
  leg:bye()
  call:wait("terminated")

  t:flow [[
    sequenceDiagram
    alice->>bob: INVITE
    bob->>alice: 100?
    bob->>alice: 180
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    Note over alice,bob: 3 seconds of talk
    bob->>alice: BYE
    alice->>bob: 200 BYE
  ]]
end)

scenario("the caller hangs up", function(t)
  local alice, bob = t:agents("alice", "bob")

  local call = alice:invite(bob)
  local leg  = bob:expect_invite { from = alice }
  expect(leg.request.to.uri.user):equals("bob")
  leg:answer()
  call:wait("confirmed")

  local bye = call:bye()                              -- a client transaction
  expect(bye:response().status):equals(200)
  leg:wait("terminated")
  expect(call.ended):equals("bye")
  expect(leg.ended):equals("remote bye")
end)
