-- RFC 3261 §8.1, §13.2, §17.1.1: how a user agent calls, told to by a trigger.
local device = require("_device")

group("uac", { needs = { "uac", "trigger:call" }, tags = { "uac" } }, function()
  scenario("the INVITE has what every INVITE has",
    { covers = { "MSG-017", "MAT-003", "MAT-008", "UAC-001", "UAC-002", "UAC-003", "UAC-005", "UAC-015", "UAC-015b" } },
    function(t)
      local w = t:wire("somebody")
      local invite = device.calls(t, w)
      w:reply(invite, 486, { to_tag = "w" })
      w:expect("ACK")
      expect(invite.via[1].branch):matches("^z9hG4bK.")
      expect(invite.max_forwards):equals(70)
      expect(invite.to.tag):is_nil()
      expect(invite.from.tag):exists()
      expect(#invite.contact):equals(1)
      expect(invite.uri.user):equals(invite.to.uri.user)
      expect(invite.sdp.media[1].kind):equals("audio")
      for _, name in ipairs { "Allow", "Supported" } do     -- §13.2.1: SHOULD
        expect.soft(invite:header(name), name):exists()
      end
    end)

  for _, transport in ipairs { "udp", "tcp" } do
    scenario("a call over " .. transport .. " is answered, and the callee hangs up",
      { needs = { transport }, covers = { "DLG-023c", "UAC-018" } }, function(t)
        local bob = t:agent("bob", { transport = transport })
        t.dut:trigger("call", bob)
        local leg = bob:expect_invite()
        leg:ring()
        leg:answer()
        leg:wait("confirmed")
        leg:bye():response(200)
        t:flow([[
          dut->>bob: INVITE
          bob->>dut: 180
          bob->>dut: 200 INVITE
          dut->>bob: ACK
          bob->>dut: BYE
          dut->>bob: 200 BYE
        ]], { fold = true })
      end)
  end

  scenario("the device hangs up", { needs = { "trigger:hangup" }, covers = { "DLG-008" } }, function(t)
    local bob = t:agent("bob")
    t.dut:trigger("call", bob)
    local leg = bob:expect_invite()
    leg:answer()
    leg:wait("confirmed")
    t.dut:trigger("hangup")
    local bye = leg:expect("BYE")
    leg:wait("terminated")
    expect(bye.cseq.number):equals(leg.request.cseq.number + 1)
  end)

  scenario("an INVITE is said again from T1 on, doubling", { needs = { "udp" }, covers = { "CTI-001", "CTI-N01" } },
  function(t)
    local w = t:wire("w")
    t:spawn(function()
      local invite = w:expect("INVITE")
      t:sleep("2s")
      w:reply(invite, 486, { to_tag = "w" })
      w:expect("ACK")
    end)
    t.dut:trigger("call", w)
    t:flow([[
      dut->>w: INVITE x3 @ 0, 500ms, 1.5s
      w->>dut: 486
      dut->>w: ACK
    ]], { quiet = "2.2s" })
  end)

  scenario("an INVITE that nobody answers is given up after 64*T1",
    { covers = { "CTI-001", "CTI-003", "CTI-003b" }, tags = { "long" } }, function(t)
      local w = t:wire("w")
      device.calls(t, w)
      device.unanswered(t, w, "dut->>w: INVITE", "x7 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 15.5s, 31.5s", { within = "70s" })
    end)

  scenario("after a 180 the INVITE is said no more", { covers = { "CTI-006" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:reply(invite, 180, { to_tag = "w", contact = "<" .. w.uri .. ">" })
    t:sleep("1.6s")
    expect(#t:messages("dut->>w: INVITE")):equals(1)
    w:reply(invite, 486, { to_tag = "w" })
    w:expect("ACK")
  end)

  scenario("the ACK of a 200 is a request of its own, with the number of the INVITE",
    { covers = { "UAC-018", "UAC-018c", "UAC-018d", "CTI-015" } }, function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      device.taken(w, invite, { contact = "<" .. device.at(w, "here") .. ">" })
      local ack = w:expect("ACK")
      expect(ack.uri.user):equals("here")
      expect(ack.to.tag):equals("w")
      expect(ack.cseq.number):equals(invite.cseq.number)
      expect(ack.via[1].branch):never():equals(invite.via[1].branch)
    end)

  scenario("each copy of a 200 gets its ACK", { covers = { "UAC-018b", "INV-016" } }, function(t)
    local w = t:wire("w")
    local ok = device.taken(w, device.calls(t, w))
    w:expect("ACK")
    for _ = 1, 2 do
      w:send(t.dut, ok)
      t:sleep("200ms")
    end
    expect(#t:messages("dut->>w: ACK")):equals(3)
  end)

  scenario("the route of the 200 is taken backwards", { covers = { "DLG-004", "DLG-006" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    local routes = { "<" .. device.at(w, "far") .. ";lr>", "<" .. device.at(w, "near") .. ";lr>" }
    device.taken(w, invite, { headers = { ["Record-Route"] = routes } })
    local ack = w:expect("ACK")
    expect(ack.route[1].uri.user):equals("near")
    expect(ack.route[2].uri.user):equals("far")
    expect(ack.uri.user):equals("w")
  end)

  scenario("a second callee is acknowledged, and hung up on", { covers = { "UAC-019", "DLG-017" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    device.taken(w, invite, { to_tag = "one" })
    expect(w:expect("ACK").to.tag):equals("one")
    device.taken(w, invite, { to_tag = "two" })
    expect(w:expect("ACK").to.tag):equals("two")
    local bye = w:expect("BYE")
    expect(bye.to.tag):equals("two")
    w:reply(bye, 200)
  end)

  scenario("an answer that cannot be used is acknowledged, too", { covers = { "INV-013b" } },
    function(t)
      local w = t:wire("w")
      w:reply(device.calls(t, w), 200, { to_tag = "w", contact = "<" .. w.uri .. ">",
        sdp = sip.sdp { address = device.host(w), codecs = { "nothing/8000" } } })
      expect(w:expect("ACK").sdp):is_nil()
      local bye = w:maybe("BYE", { within = "1s" })         -- or it goes on without
      if bye then w:reply(bye, 200) end
    end)

  scenario("a 200 behind a refusal is passed over", { covers = { "UAC-020" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:reply(invite, 486, { to_tag = "w" })
    w:expect("ACK")
    device.taken(w, invite)
    w:expect_none("*", "1s")
    expect(#t:messages("dut->>w: ACK")):equals(1)
  end)

  scenario("a 199 ends one early dialog, and no other", { covers = { "INV-018", "INV-018c" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    for _, tag in ipairs { "one", "two" } do w:reply(invite, 180, { to_tag = tag, contact = "<" .. w.uri .. ">" }) end
    w:reply(invite, 199, { to_tag = "one", contact = "<" .. w.uri .. ">" })
    w:expect_none("*", "200ms")
    device.taken(w, invite, { to_tag = "two" })
    expect(w:expect("ACK").to.tag):equals("two")
    w:expect_none("*", "200ms")
  end)

  scenario("64*T1 behind the first 200 the others that rang are over", { covers = { "UAC-017" }, tags = { "long" } },
    function(t)
      local w = t:wire("w")
      local invite, early = device.calls(t, w), {}
      for _, tag in ipairs { "one", "two", "three" } do
        early[tag] = sip.dialog(invite, w:reply(invite, 180, { to_tag = tag, contact = "<" .. w.uri .. ">" }))
      end
      device.taken(w, invite, { to_tag = "one" })
      w:expect("ACK")
      t:sleep("30s")
      device.taken(w, invite, { to_tag = "two" })
      expect(w:expect("ACK").to.tag):equals("two")
      local bye = w:maybe("BYE", { within = "1s" })
      if bye then w:reply(bye, 200) end
      t:sleep("4s")
      device.has_forgotten(t, w, early.three)
    end)

  scenario("each call has a Call-ID of its own", { covers = { "UAC-004" } }, function(t)
    local w, seen = t:wire("w"), {}
    for _ = 1, 5 do
      local invite = device.calls(t, w)
      expect(seen[invite.call_id], invite.call_id):is_nil()
      seen[invite.call_id] = true
      w:reply(invite, 486, { to_tag = "w" })
      w:expect("ACK")
      t:sleep("100ms")
    end
  end)
end)
