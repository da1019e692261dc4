-- A re-INVITE puts the call on hold and takes it back. The other side answers by itself: sendonly is
-- answered with recvonly (RFC 3264 §6.1, §8.4).

scenario("a call is put on hold and resumed", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")

  call:hold():response(200)
  expect(leg.remote_sdp.direction):equals("sendonly")
  expect(leg.local_sdp.direction):equals("recvonly")

  call:resume():response(200)
  expect(leg.remote_sdp.direction):equals("sendrecv")

  local cseq = call.dialog.local_seq
  call:bye():response(200)

  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    Note over alice,bob: hold
    alice->>bob: INVITE [sdp.direction = "sendonly"]
    bob->>alice: 200 INVITE [sdp.direction = "recvonly"]
    alice->>bob: ACK
    Note over alice,bob: resume
    alice->>bob: INVITE [sdp.direction = "sendrecv"]
    bob->>alice: 200 INVITE [sdp.direction = "sendrecv"]
    alice->>bob: ACK
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]]
  expect(cseq):equals(3)              -- one CSeq for each request but the ACKs
end)
