-- Media ports: bound, silent, and counted.

local rtp = "\x80\x00\x00\x01\x00\x00\x00\xa0\x12\x34\x56\x78" .. string.rep("\xff", 160)

local function media_of(sdp)
  return "sip:" .. sdp.connection.address .. ":" .. sdp.media[1].port
end

scenario("what comes to a media port is taken in silence", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  w:ignore("ACK")
  local call = alice:invite(w)
  local tx = w:expect_request("INVITE")
  expect(alice.media_received):equals(0)
  for _ = 1, 3 do w:send(media_of(tx.request.sdp), rtp) end
  w:send(media_of(tx.request.sdp), "OPTIONS sip:alice@10.0.0.1 SIP/2.0\r\n\r\n")
  w:expect_none("*", "1s")
  expect(alice.media_received):equals(4)
  tx:respond(486)
  call:expect(486)
end)

scenario("no call is told that nobody is there", function(t)
  local alice, bob, w = t:agent("alice"), t:agent("bob"), t:wire("w")
  local ports = {}
  for i = 1, 10 do
    local call = alice:invite(bob)
    local leg = bob:expect_invite()
    leg:answer()
    call:wait("confirmed")
    w:send(media_of(leg.request.sdp), rtp)
    w:send(media_of(call.remote_sdp), rtp)
    ports[leg.request.sdp.media[1].port] = true
  end
  t:sleep("100ms")
  expect(alice.media_received + bob.media_received):equals(20)
  local count = 0
  for _ in pairs(ports) do count = count + 1 end
  expect(count):equals(8)
end)

scenario("after a restart they are bound again", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  alice:invite(w)
  w:expect("INVITE")
  alice:crash()
  alice:restart()
  w:ignore("ACK")
  local call = alice:invite(w)
  local tx = w:expect_request("INVITE")
  w:send(media_of(tx.request.sdp), rtp)
  t:sleep("100ms")
  expect(alice.media_received):equals(1)
  tx:respond(486)
  call:expect(486)
end)
