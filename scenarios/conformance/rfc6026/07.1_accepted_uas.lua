-- RFC 6026 §6, §7.1, §8.7: the server transaction of an INVITE that was taken absorbs copies for 64*T1 (Timer L).
local device = require("_device")

local function responses(t) return #t:messages("dut->>w: 1xx|2xx|4xx|5xx INVITE") end

-- Talks, and hangs up as soon as it was heard that nothing more was said.
local function hangs_up(t, w, dialog)
  w:send(t.dut, dialog:request("BYE"))
  w:expect("200 BYE")
end

group("uas", { needs = { "uas", "trigger:answer" }, tags = { "uas", "timer" } }, function()
  for _, transport in ipairs { "udp", "tcp" } do
    scenario("over " .. transport .. " copies of an INVITE that was taken are absorbed half a minute long",
      { needs = { transport }, covers = { "STI-009", "STI-009b" }, tags = { "long" } }, function(t)
        local w = t:wire("w", { transport = transport })
        local ok, invite = device.picks_up(t, w)
        local dialog = sip.dialog(invite, ok)
        w:send(t.dut, dialog:ack())
        local said = responses(t)
        for _, wait in ipairs { "1s", "19s", "10s" } do
          t:sleep(wait)
          w:send(t.dut, invite)
        end
        t:sleep("300ms")
        expect(responses(t)):equals(said)
        hangs_up(t, w, dialog)
      end)
  end

  scenario("a copy of the INVITE makes no copy of the 200", { covers = { "STI-009", "STI-009b" } }, function(t)
    local w = t:wire("w")
    local ok, invite = device.picks_up(t, w)
    t:sleep("200ms")
    w:send(t.dut, invite)
    t:sleep("200ms")
    expect(#t:messages("dut->>w: 200 INVITE")):equals(1)
    t:sleep("300ms")
    expect(#t:messages("dut->>w: 200 INVITE")):equals(2)
    local dialog = sip.dialog(invite, ok)
    w:send(t.dut, dialog:ack())
    w:send(t.dut, invite)
    t:sleep("300ms")
    expect(#t:messages("dut->>w: 200 INVITE")):equals(2)
    hangs_up(t, w, dialog)
  end)

  scenario("the INVITE of a call that is over is another after 64*T1", { covers = { "STI-009c" }, tags = { "long" } }, function(t)
      local w = t:wire("w")
      local ok, invite = device.picks_up(t, w)
      local dialog = sip.dialog(invite, ok)
      w:send(t.dut, dialog:ack())
      hangs_up(t, w, dialog)
      t:sleep("34s")
      w:send(t.dut, invite)
      t:sleep("200ms")
      local rung = t:messages("dut->>w: 180|183|200 INVITE")
      local again = rung[#rung]
      expect(again.to.tag):never():equals(ok.to.tag)
      if again.status == 200 then t:skip("it answers at once") end
      w:send(t.dut, sip.cancel(invite))
      w:send(t.dut, sip.ack(invite, w:expect_all { "200 CANCEL", "487 INVITE" }[2]))
    end)

  for name, case in pairs {
    ["that has no branch"] = { "STI-011", "" },
    ["whose branch has no cookie"] = { "STI-011", ";branch=1" },
    ["of the INVITE's own branch"] = { "STI-N01", ";branch=z9hG4bKown" },
  } do
    scenario("the ACK of a 200 " .. name .. " is heard", { covers = { case[1] } }, function(t)
      device.lives(t)
      local w = t:wire("w")
      local via = device.via(w) .. case[2] .. (case[2]:find("own") and sip.tag() or "")
      local ok, invite = device.picks_up(t, w, { headers = { Via = via } })
      local dialog = sip.dialog(invite, ok)
      w:send(t.dut, dialog:ack { headers = { Via = via } })
      t:sleep("1.8s")
      expect(#t:messages("dut->>w: 200 INVITE")):equals(1)
      hangs_up(t, w, dialog)
    end)
  end

  scenario("whose connection is gone is still the caller", { needs = { "tcp" }, covers = { "STI-010" } }, function(t)
    local w, other = t:wire("w", { transport = "tcp" }), t:wire("other_side", { transport = "tcp" })
    local connection = w:connect(t.dut)
    local invite, first = device.rings(t, w)
    if first.status == 200 then t:skip("it answers at once") end
    t.net:refuse("w")
    connection:close()
    w:ignore("*")
    t.dut:trigger("answer")
    t:sleep("200ms")
    other:ignore("200 INVITE [To.tag = " .. first.to.tag .. "]")
    other:send(t.dut, invite.raw)
    other:expect_none("*", "300ms")
  end)
end)
