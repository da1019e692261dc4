-- The INVITE has no offer: the callee makes one in its 200, and the ACK bears the answer
-- (RFC 3261 §13.2.1).

scenario("the callee offers, and the ACK answers", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob, { sdp = false })
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  expect(leg.remote_sdp.media[1].codecs):contains("PCMU")

  t:flow [[
    alice->>bob: INVITE [!sdp]
    bob->>alice: 200 INVITE [sdp]
    alice->>bob: ACK [sdp]
  ]]
end)
