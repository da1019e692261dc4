-- RFC 3261 §8.2, §11.2: what a user agent says to a request outside of a dialog.
local device = require("_device")

group("uas", { needs = { "uas" }, tags = { "uas" } }, function()
  scenario("OPTIONS says what the device can", { covers = { "OPT-001", "OPT-002" } }, function(t)
    local alice = t:agent("alice")
    local ok = alice:options(t.dut):response(200)
    expect(ok:header("Allow")):contains("INVITE")
    for _, name in ipairs { "Accept", "Accept-Encoding", "Accept-Language", "Supported" } do
      expect.soft(ok:header(name), name):exists()           -- §11.2: SHOULD be present
    end
  end)

  scenario("a response has the request's Via, From, Call-ID and CSeq, and a To tag",
    { covers = { "UAS-010", "UAS-010b" } }, function(t)
      local w = t:wire("w")
      local asked = w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, headers = {
        Via = { device.via(w) .. ";branch=z9hG4bKtwo", "SIP/2.0/TCP far.example.com;branch=z9hG4bKone" },
        From = '"A. Lice" <sip:alice@example.com;x=1>;tag=88;y=2', CSeq = "4711 OPTIONS" } })
      local answer = w:expect("200 OPTIONS")
      expect(#answer.via):equals(2)
      expect(answer.via[1].branch):equals("z9hG4bKtwo")
      expect(answer.via[2].host):equals("far.example.com")
      expect(answer.via[2].branch):equals("z9hG4bKone")
      expect(answer:header("From")):equals(asked:header("From"))
      expect(answer.call_id):equals(asked.call_id)
      expect(answer:header("CSeq")):equals("4711 OPTIONS")
      expect(answer.to.tag):exists()
    end)

  scenario("an unknown method is a 405 with Allow, or a 501", { covers = { "UAS-001", "UAS-002" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "FROBNICATE", uri = t.dut.uri })
    local refused = w:expect("405|501")
    if refused.status == 405 then expect(refused:header("Allow")):exists() end
  end)

  scenario("an extension that nobody knows is a 420 that names it", { covers = { "UAS-005" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, headers = { Require = "nothingSupportsThis" } })
    expect(w:expect("420 OPTIONS"):header("Unsupported")):contains("nothingSupportsThis")
  end)

  scenario("an INVITE with an extension that nobody knows does not ring", { covers = { "UAS-005" } }, function(t)
    local w = t:wire("w")
    w:ignore("100")
    local invite = w:send(t.dut, device.invite(t, w, { headers = { Require = "nothingSupportsThis" } }))
    local refused = w:expect("420 INVITE")
    w:send(t.dut, sip.ack(invite, refused))
    expect(refused:header("Unsupported")):contains("nothingSupportsThis")
  end)

  scenario("Max-Forwards 0 has come far enough", { covers = { "MAT-N01" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, max_forwards = 0 })
    w:expect("200 OPTIONS")
  end)

  scenario("a body of a type that nobody knows is a 415 with Accept", { covers = { "UAS-007" } }, function(t)
    local w = t:wire("w")
    w:ignore("100")
    local invite = w:send(t.dut, { method = "INVITE", uri = t.dut.uri, body = "?", content_type = "application/x-odd" })
    local refused = w:expect("415 INVITE")
    w:send(t.dut, sip.ack(invite, refused))
    expect(refused:header("Accept")):exists()
  end)

  scenario("an encoding that nobody knows is a 415 with Accept-Encoding", { covers = { "UAS-007b" } }, function(t)
    local w = t:wire("w")
    w:ignore("100")
    local invite = w:send(t.dut, device.invite(t, w, { headers = { ["Content-Encoding"] = "x-unknown" } }))
    local refused = w:expect("415 INVITE")
    w:send(t.dut, sip.ack(invite, refused))
    expect(refused:header("Accept-Encoding")):exists()
  end)

  scenario("media of which nothing fits are a 488", { covers = { "INV-014" } }, function(t)
    local alice = t:agent("alice", { codecs = { "G729" } })
    local call = alice:invite(t.dut)
    if call:expect("180|183|488").status == 488 then return end
    t.dut:trigger("answer")                                 -- it looks at them when it is to answer
    call:expect(488)
  end)

  scenario("a 488 says what does not fit", { covers = { "INV-014b" } }, function(t) -- §13.3.1.3: SHOULD
    local w = t:wire("w")
    w:ignore("100")
    local invite = w:send(t.dut, device.invite(t, w, { sdp = sip.sdp { address = device.host(w), codecs = { "G729" } } }))
    local answer = w:expect("180|183|200|4xx|6xx INVITE")
    if answer.status < 200 then
      w:ignore("180|183 INVITE")
      t.dut:trigger("answer")
      answer = w:expect("200|4xx|6xx INVITE")
    end
    w:send(t.dut, answer.status == 200 and sip.dialog(invite, answer):ack() or sip.ack(invite, answer))
    if answer.status ~= 488 then t:skip("it says no 488") end
    expect.soft(answer:header("Warning"), "Warning"):matches("^3\\d\\d \\S+ \"")
  end)

  scenario("requests of a dialog that is not are 481", { covers = { "DLG-012", "DLG-021" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "BYE", uri = t.dut.uri, to_tag = "nobody" })
    w:expect("481 BYE")
    w:send(t.dut, { method = "INFO", uri = t.dut.uri, to_tag = "nobody" })
    w:expect("481|405|501 INFO")                            -- §8.2.1: who does not know INFO does not look further
  end)

  scenario("an ACK out of the blue is answered by nobody", { covers = { "UAS-018" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "ACK", uri = t.dut.uri, to_tag = "nobody" })
    w:expect_none("*", "500ms")
    device.lives(t)
  end)

  scenario("one request by two ways is taken once", { covers = { "MAT-005" } }, function(t)
    local w = t:wire("w")
    local ids = { from_tag = "88", headers = { ["Call-ID"] = sip.call_id() } }
    ids.branch = "z9hG4bKone"
    ids.cseq = device.rings(t, w, ids).cseq.number
    ids.branch = "z9hG4bKtwo"
    local other = w:send(t.dut, device.invite(t, w, ids))
    local loop = w:expect("482 INVITE", { skip = true })
    w:send(t.dut, sip.ack(other, loop))
    expect(loop.via[1].branch):equals("z9hG4bKtwo")
  end)
end)
