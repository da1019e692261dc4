-- Wires: every byte is the script's.

scenario("a call by hand against an agent", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  local invite = w:send(alice, { method = "INVITE", uri = alice.uri, sdp = {
    codecs = { "PCMU" }, address = "10.0.0.9" } })
  alice:expect_invite():answer()
  local ok = w:expect("200 INVITE")
  expect(ok.sdp.media[1].codecs[1]):equals("PCMU")
  local dialog = sip.dialog(invite, ok)
  w:send(alice, dialog:ack())
  w:send(alice, dialog:request("BYE"))
  expect(w:expect("200 BYE").cseq.number):equals(2)
  expect(dialog.local_seq):equals(2)
  expect(dialog.remote_tag):equals(ok.to.tag)
end)

scenario("a call by hand from an agent", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  local call = alice:invite(w)
  local invite = w:expect("INVITE")
  w:reply(invite, 180)
  local ok = w:reply(invite, 200, { headers = { ["X-Hand"] = "made" } })
  expect(ok.to.tag):matches("^w-")
  w:expect("ACK")
  call:wait("confirmed")
  expect(call.last_response:header("X-Hand")):equals("made")
  expect(call:forks()[1]):equals(call)
  local dialog = sip.dialog(invite, ok)
  w:send(alice, dialog:request("INFO", { body = "x", content_type = "text/plain" }))
  call:expect_request("INFO"):respond(200)
  w:expect("200 INFO")
  w:send(alice, dialog:request("BYE"))
  w:expect("200 BYE")
  call:wait("terminated")
end)

scenario("a refusal by hand, and its ACK", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  local invite = w:send(alice, { method = "INVITE", uri = alice.uri })
  alice:expect_invite():reject(603)
  local no = w:expect(603)
  w:send(alice, sip.ack(invite, no))
  w:expect_none("603", "40s")
end)

scenario("a CANCEL by hand", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  local invite = w:send(alice, { method = "INVITE", uri = alice.uri })
  local leg = alice:expect_invite()
  leg:ring()
  w:expect(180)
  w:send(alice, sip.cancel(invite))
  local both = w:expect_all { "200 CANCEL", "487 INVITE" }
  w:send(alice, sip.ack(invite, both[2]))
  expect(leg.ended):equals("cancelled")
end)

scenario("what is sent again is a copy", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  local options = w:send(alice, { method = "OPTIONS", uri = alice.uri })
  w:expect("200 OPTIONS")
  w:send(alice, options)
  w:expect_none("200", "1s")                     -- the answer is a copy, too
  local sent = t:messages("w->>alice: OPTIONS")
  expect(#sent):equals(2)
  expect(sent[2].copy_of):exists()
  expect(sent[1].copy_of):is_nil()
  t:flow [[
    w->>alice: OPTIONS
    alice->>w: 200
    w->>alice: OPTIONS
    alice->>w: 200
  ]]
end)

scenario("defaults, and what is left out on purpose", function(t)
  local a, b = t:wire("a"), t:wire("b")
  local sent = a:send(b, { method = "INVITE", uri = "sip:x@y", to_tag = "tt", cseq = 9,
    headers = { Contact = false, ["Max-Forwards"] = "71", Zed = { "1", "2" }, ["Content-Length"] = false } })
  local got = b:expect("INVITE")
  expect(got.raw):equals(sent.raw)
  expect(got:header("Contact")):is_nil()
  expect(got:header("Content-Length")):is_nil()
  expect(got.max_forwards):equals(71)
  expect(got.to.tag):equals("tt")
  expect(got:header("CSeq")):equals("9 INVITE")
  expect(got.from.tag):matches("^a-")
  expect(got.via[1].branch):matches("^z9hG4bKa-")
  expect(got:headers("Zed")):equals { "1", "2" }
  expect(got.raw):matches("^INVITE sip:x@y SIP/2.0\r\nVia: .*\r\nMax-Forwards: 71\r\nFrom: ")
end)

scenario("sip.request is completed by its sender", function(t)
  local a, b = t:wire("a"), t:wire("b")
  local draft = sip.request { method = "OPTIONS", uri = b.uri, branch = "z9hG4bK-x" }
  expect(draft.via):is_nil()
  expect(draft.call_id):matches("^sip-")
  a:send(b, draft:with { headers = { Subject = "s" } })
  local got = b:expect("OPTIONS")
  expect(got.call_id):equals(draft.call_id)
  expect(got.via[1].host):equals("10.0.0.1")
  expect(got.subject):equals("s")
end)

scenario("bytes as they are", function(t)
  local a, b = t:wire("a"), t:wire("b")
  a:send(b, "GARBAGE\r\n\r\n")
  local got = b:expect("*")
  expect(got.raw):equals("GARBAGE\r\n\r\n")
end)

scenario("msg:with changes what it names, and nothing else", function(t)
  local m = sip.parse("INVITE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\nf: <sip:x@y>;tag=1\r\n" ..
    "t: <sip:a@b>\r\ni: 1\r\nCSeq: 1 INVITE\r\nl: 3\r\n\r\nabc")
  expect(m:with { headers = { Subject = "s" } }.raw):equals("INVITE sip:a@b SIP/2.0\r\n" ..
    "v: SIP/2.0/UDP h;branch=z9hG4bK1\r\nf: <sip:x@y>;tag=1\r\nt: <sip:a@b>\r\ni: 1\r\n" ..
    "CSeq: 1 INVITE\r\nl: 3\r\nSubject: s\r\n\r\nabc")
  expect(m:with { to_tag = "9" }.to.tag):equals("9")
  expect(m:with { from_tag = "9" }.from.tag):equals("9")
  expect(m:with { branch = "z9hG4bK2" }.via[1].branch):equals("z9hG4bK2")
  expect(m:with { cseq = 5 }:header("CSeq")):equals("5 INVITE")
  expect(m:with { method = "OPTIONS" }.method):equals("OPTIONS")
  expect(m:with { body = "four" }.content_length):equals(4)
  expect(m:with { headers = { Via = false } }.via):is_nil()
  expect(sip.response(m, 404).status):equals(404)
  expect(sip.response(m, 404, { reason = "No" }).reason):equals("No")
  expect(sip.response(m, 200, { to_tag = "z" }).to.tag):equals("z")
end)

scenario("messages are read", function(t)
  local m = sip.parse("INVITE sip:a@b;lr SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1, SIP/2.0/TCP g\r\n" ..
    "From: \"X\" <sip:x@y>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nX-Own: v\r\n" ..
    "Max-Forwards: 70\r\nContact: <sip:x@h>\r\n" ..
    "Content-Length: 0\r\n\r\n")
  expect(#m.via):equals(2)
  expect(m.via[2].transport):equals("TCP")
  expect(m.via[3]):is_nil()
  expect(m.from.display):equals("X")
  expect(m.uri.user):equals("a")
  expect(tostring(m.to)):equals("<sip:a@b>")
  expect(m:is("INVITE [\"X-Own\" = v, !Route]")):equals(true)
  expect(m:is("ACK")):equals(false)
  expect(m:header("VIA")):exists()
  expect(#m.faults):equals(0)
  expect(sip.parse("INVITE sip:a@b SIP/2.0\r\n\r\n").faults[1].section):matches("^RFC 3261")
  expect(sip.parse("\0\0")):is_nil()
  expect(sip.uri("sips:u@h:5;transport=tcp").port):equals(5)
  local sdp = sip.sdp { address = "192.0.2.1", port = 4000, codecs = { "PCMA" }, direction = "recvonly" }
  expect(sdp.media[1].port):equals(4000)
  expect(sdp.direction):equals("recvonly")
  expect(sdp.connection.address):equals("192.0.2.1")
end)
