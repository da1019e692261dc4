-- A re-INVITE adds a video stream. The other side has no camera: it refuses the stream, not the
-- offer, by port 0 in the answer (RFC 3264 §6), and the audio goes on.

scenario("an added video stream is refused", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")

  local streams = { { kind = "audio" }, { kind = "video", codecs = { "H261/90000" } } }
  call:reinvite{ sdp = { media = streams } }:response(200)

  local audio, video = call.remote_sdp.media[1], call.remote_sdp.media[2]
  expect(audio.port):at_least(1)
  expect(video.kind):equals("video")
  expect(video.port):equals(0)
  expect(call.sdp_faults):equals({})  -- the answer fits the offer
end)
