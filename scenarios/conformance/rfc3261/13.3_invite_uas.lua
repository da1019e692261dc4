-- RFC 3261 §13.3, §17.2.1, RFC 6026: how a user agent takes a call, and what it says again until it is acknowledged.
local device = require("_device")

for _, transport in ipairs { "udp", "tcp" } do
  group(transport, { needs = { "uas", "trigger:answer", transport }, tags = { "uas" } }, function()
    scenario("a call is answered, and the caller hangs up", { covers = { "INV-N01", "INV-012", "DLG-002", "DLG-023c" } },
      function(t)
        local alice = t:agent("alice", { transport = transport })
        local call = device.talks(t, alice)
        local ok = call.last_response
        expect(#(ok.contact or {})):equals(1)
        expect(ok.sdp, "an answer"):exists()
        expect(ok.sdp.media[1].kind):equals("audio")
        call:bye():response(200)
        t:flow([[
          alice->>dut: INVITE
          dut->>alice: 100*
          dut->>alice: 180|183*
          dut->>alice: 200 INVITE
          alice->>dut: ACK
          alice->>dut: BYE
          dut->>alice: 200 BYE
        ]], { fold = true })
      end)
  end)
end

group("uas", { needs = { "uas", "trigger:answer" }, tags = { "uas" } }, function()
  scenario("the 200 says what the device can", { covers = { "UAS-N05" } }, function(t)
    local call = device.talks(t, t:agent("alice"))
    for _, name in ipairs { "Allow", "Supported" } do       -- §13.3.1.4: SHOULD
      expect.soft(call.last_response:header(name), name):exists()
    end
    call:bye():response(200)
  end)

  scenario("a call without an offer is answered with one", { covers = { "INV-011", "INV-012", "INV-012b" } }, function(t)
    local alice = t:agent("alice")
    local call = device.talks(t, alice, { sdp = false })
    expect(call.remote_sdp, "an offer"):exists()
    expect(call.remote_sdp.media[1].kind):equals("audio")
    call:bye():response(200)
  end)

  scenario("all responses to an INVITE have one To tag, and its copies ring no second time",
    { covers = { "UAS-011", "STI-002", "STI-009" } }, function(t)
      local w = t:wire("w")
      local invite, first = device.rings(t, w)
      for _ = 1, 2 do w:send(t.dut, invite) end
      t:sleep("200ms")
      w:ignore("180|183 INVITE")
      t.dut:trigger("answer")
      local ok = first.status == 200 and first or w:expect("200 INVITE")
      w:send(t.dut, sip.dialog(invite, ok):ack())
      w:send(t.dut, invite)                                 -- RFC 6026 §7.1: absorbed, answered by nothing
      t:sleep("200ms")
      for _, response in ipairs(t:messages("dut->>w: 180|183|200 INVITE")) do
        expect(response.to.tag):equals(ok.to.tag)
      end
      expect(#t:messages("dut->>w: 4xx INVITE")):equals(0)
    end)

  scenario("a 200 is said again from T1 on, doubling, until the ACK", { covers = { "INV-001", "INV-003" } }, function(t)
    local w = t:wire("w")
    t:mark("before")
    local ok, invite = device.picks_up(t, w)
    t:spawn(function()
      t:sleep("2s")
      w:send(t.dut, sip.dialog(invite, ok):ack())
    end)
    t:flow([[
      w->>dut: INVITE
      dut->>w: 100*
      dut->>w: 180|183*
      dut->>w: 200 INVITE x3 @ 0, 500ms, 1.5s
      w->>dut: ACK
    ]], { from = "before", quiet = "2.2s" })
  end)

  scenario("over TCP, too", { needs = { "tcp" }, covers = { "INV-001b" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    t:mark("before")
    local ok, invite = device.picks_up(t, w)
    t:spawn(function()
      t:sleep("2s")
      w:send(t.dut, sip.dialog(invite, ok):ack())
    end)
    t:flow([[
      w->>dut: INVITE
      dut->>w: 100*
      dut->>w: 180|183*
      dut->>w: 200 INVITE x3 @ 0, 500ms, 1.5s
      w->>dut: ACK
    ]], { from = "before", quiet = "2.2s" })
  end)

  scenario("a call that is never acknowledged is hung up after 64*T1", { covers = { "INV-002" }, tags = { "long" } },
    function(t)
      local w = t:wire("w")
      device.picks_up(t, w)
      w:reply(w:expect("BYE", { within = "40s" }), 200)
      expect(t:now()):between(31.5, 36)
    end)
end)

group("uas", { needs = { "uas", "trigger:reject" }, tags = { "uas" } }, function()
  scenario("a call is refused", { covers = { "INV-N04" } }, function(t)
    local alice = t:agent("alice")
    local call = alice:invite(t.dut)
    call:wait("early")
    t.dut:trigger("reject")
    call:expect("4xx|6xx")
    call:wait("terminated")
    expect(call.ended):equals("rejected")
    expect(#t:messages("dut->>alice: 199")):equals(0)       -- RFC 6228 §5: nobody asked for one
  end)

  scenario("a refusal is said again from T1 on, doubling, until the ACK is there",
    { needs = { "udp" }, covers = { "STI-004", "STI-008" } }, function(t)
      local w = t:wire("w")
      local invite = device.rings(t, w)
      t:mark("before")
      t.dut:trigger("reject")
      local refusal = w:expect("4xx|6xx INVITE")
      t:spawn(function()
        t:sleep("2s")
        w:send(t.dut, sip.ack(invite, refusal))
      end)
      t:flow([[
        dut->>w: 4xx|6xx INVITE x3 @ 0, 500ms, 1.5s
        w->>dut: ACK
      ]], { from = "before", quiet = "2.2s" })
    end)
end)

group("uas", { needs = { "uas" }, tags = { "uas" } }, function()
  -- §13.3.1.1: so that no proxy gives it up.
  scenario("who rings says so each minute", { tags = { "long" }, covers = { "UAS-019" } }, function(t)
    local w = t:wire("w")
    local invite, first = device.rings(t, w)
    if first.status == 200 then t:skip("it answers at once") end
    for _ = 1, 3 do
      local again = w:expect("1xx INVITE", { within = "62s" })
      expect(again.to.tag):equals(first.to.tag)
    end
    w:send(t.dut, sip.cancel(invite))
    w:expect("200 CANCEL")
    w:send(t.dut, sip.ack(invite, w:expect("487 INVITE")))
  end)

  scenario("an INVITE that has expired is a 487", { covers = { "UAS-020" } }, function(t) -- §13.3.1: SHOULD
    local w = t:wire("w")
    local invite = device.only_rings(t, w, { headers = { Expires = "3" } })
    local began, over = t:now(), w:maybe("487 INVITE", { within = "4s" })
    expect.soft(over, "a 487"):exists()
    if not over then
      w:send(t.dut, sip.cancel(invite))
      w:expect("200 CANCEL")
      over = w:expect("487 INVITE")
    else
      expect.soft(t:now() - began, "when it came"):between(2.8, 3.6)
    end
    w:send(t.dut, sip.ack(invite, over))
  end)
end)
