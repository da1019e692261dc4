-- The caller gives up while it rings: CANCEL, its own 200, and 487 for the INVITE (RFC 3261 §9).

scenario("a call is cancelled while it rings", function(t)
  local alice, bob = t:agents("alice", "bob")

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:ring()
  call:wait("early")
  call:cancel()
  call:wait("terminated")

  expect(call.ended):equals("cancelled")
  expect(call.last_response.status):equals(487)
  expect(leg.ended):equals("cancelled")

  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 180
    alice->>bob: CANCEL
    par
      bob->>alice: 200 CANCEL
    and
      bob->>alice: 487 INVITE
    end
    alice->>bob: ACK
  ]]
end)
