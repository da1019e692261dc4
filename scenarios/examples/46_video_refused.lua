-- A re-INVITE adds a video stream. The other side has no camera: it refuses the stream, not the
-- offer, by port 0 in the answer (RFC 3264 §6), and the audio goes on.

scenario("an added video stream is refused", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")

  local sdp = tostring(call.local_sdp):gsub("^(.-\no=.- .- )(%d+)", function(head, version)
    return head .. version + 1
  end)
  call:reinvite{ sdp = sdp .. "m=video 42000 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\n" }:response(200)

  expect(#leg.remote_sdp.media):equals(2)
  local audio, video = call.remote_sdp.media[1], call.remote_sdp.media[2]
  expect(audio.port):at_least(1)
  expect(video.kind):equals("video")
  expect(video.port):equals(0)
end)
