-- RFC 3261 §14.2: an INVITE inside of a call, at the one who gets it.
local device = require("_device")

-- 500 with a Retry-After of 0 to 10 s.
local function told_to_wait(refusal)
  expect(refusal:header("Retry-After")):matches("^ *([0-9]|10)\\b")
end

group("uas", { needs = { "uas" }, tags = { "uas" } }, function()
  scenario("a second INVITE before the first is answered is a 500 with Retry-After",
    { covers = { "INV-005", "SDP-009c" } }, function(t)
      local w = t:wire("w")
      local invite, _, dialog = device.only_rings(t, w)
      local second = w:send(t.dut, dialog:request("INVITE", { contact = "<" .. w.uri .. ">", sdp = device.sdp(w) }))
      local refusal = w:expect("500 INVITE")
      w:send(t.dut, sip.ack(second, refusal))
      told_to_wait(refusal)
      w:send(t.dut, sip.cancel(invite))
      w:send(t.dut, sip.ack(invite, w:expect_all { "200 CANCEL", "487 INVITE" }[2]))
    end)
end)

group("uas", { needs = { "uas", "trigger:answer", "trigger:hold" }, tags = { "uas" } }, function()
  scenario("an INVITE while its own is under way is a 491, and its own goes on",
    { covers = { "INV-006", "SDP-009b" } }, function(t)
      local w = t:wire("w")
      local dialog = device.dialog(t, w)
      local own = device.holds(t, w)
      local ours = w:send(t.dut, dialog:request("INVITE", { contact = "<" .. w.uri .. ">", sdp = device.sdp(w) }))
      w:send(t.dut, sip.ack(ours, w:expect("491 INVITE")))
      device.taken(w, own)
      w:expect("ACK")
    end)

  scenario("it asks for nothing before its 200 is acknowledged", { covers = { "INV-004b" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    w:send(t.dut, dialog:request("INVITE", { contact = "<" .. w.uri .. ">", sdp = device.sdp(w) }))
    w:expect("200 INVITE")
    local hold = t:spawn(function() t.dut:trigger("hold") end)
    w:expect_none("INVITE", "300ms")
    w:send(t.dut, dialog:ack())
    t:all(hold)
    local own = w:maybe("INVITE", { within = "2s" })
    if not own then return end
    device.taken(w, own)
    w:expect("ACK")
  end)

  scenario("a callee who was told 491 asks again within 2 s", { covers = { "INV-007b" } }, function(t)
    local w = t:wire("w")
    device.dialog(t, w)
    local own = device.holds(t, w)
    w:reply(own, 491)
    w:expect("ACK")
    local refused = t:now()
    local again = w:maybe("INVITE", { within = "4s" })
    expect.soft(again, "another INVITE"):exists()           -- §14.1: SHOULD
    if not again then return end
    expect.soft(t:now() - refused):between(0, 2.1)
    expect(again.cseq.number):equals(own.cseq.number + 1)
    device.taken(w, again)
    w:expect("ACK")
  end)
end)

group("uas", { needs = { "uas", "trigger:answer", "trigger:hold", "trigger:hangup" }, tags = { "uas" } }, function()
  scenario("the 200 to its re-INVITE moves the caller", { covers = { "DLG-N04" } }, function(t)
    local w = t:wire("w")
    device.dialog(t, w)
    device.taken(w, device.holds(t, w), { contact = "<" .. device.at(w, "moved") .. ">" })
    expect(w:expect("ACK").uri.user):equals("moved")
    expect(device.ends(t, w).uri.user):equals("moved")
  end)
end)

group("uas", { needs = { "uas", "trigger:answer" }, tags = { "uas" } }, function()
  scenario("a re-INVITE without an offer is answered with all that the device knows",
    { covers = { "INV-011b", "INV-011c" } }, function(t)
      local w = t:wire("w")
      local everything = #device.picks_up(t, t:wire("other_one"), { sdp = false }).sdp.media[1].codecs
      local dialog, ok = device.dialog(t, w, { sdp = sip.sdp { address = device.host(w), codecs = { "PCMU" } } })
      local offer = device.takes(t, w, dialog, { sdp = false }).sdp
      expect(offer.media[1].codecs):contains(ok.sdp.media[1].codecs[1])
      expect(offer.media[1].protocol):equals(ok.sdp.media[1].protocol)
      expect.soft(#offer.media[1].codecs):equals(everything) -- §14.2: SHOULD
    end)
end)
