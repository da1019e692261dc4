-- RFC 3261 §17.2.1: the server transaction of an INVITE, as a user agent is called: rings, refuses, waits for the ACK.
local device = require("_device")

-- The INVITE, and the refusal of a device that was told to; a copy of it is none of the wire's messages.
local function refused(t, w)
  local invite = device.rings(t, w)
  w:ignore("180|183 INVITE")
  t:mark("before")
  t.dut:trigger("reject")
  return invite, w:expect("4xx|6xx INVITE")
end

local function refusals(t) return #t:messages("dut->>w: 4xx|6xx INVITE") end

local function rings_again(t, w, invite)
  local rung = #t:messages("dut->>w: 1xx INVITE")
  w:send(t.dut, invite)
  t:sleep("300ms")
  return #t:messages("dut->>w: 1xx INVITE") > rung
end

-- What rings for the second time is refused, too.
local function refuse_again(t, w, invite)
  t.dut:trigger("reject")
  w:send(t.dut, sip.ack(invite, w:expect("4xx|6xx INVITE")))
end

group("uas", { needs = { "uas" }, tags = { "uas", "timer" } }, function()
  for _, transport in ipairs { "udp", "tcp" } do
    scenario("an INVITE over " .. transport .. " is answered within 200 ms", { needs = { transport },
      covers = { "STI-001", "STI-001b" } }, function(t)
        local w = t:wire("w", { transport = transport })
        t:mark("before")
        local invite = w:send(t.dut, device.invite(t, w))
        t:flow("w->>dut: INVITE\ndut->>w: 100|180|183|200 @ ..200ms", { from = "before", loose = true })
        for _, trying in ipairs(t:messages("dut->>w: 100 INVITE")) do
          expect.soft(trying.to.tag, "the To tag of the 100"):is_nil()
        end
        w:ignore("1xx|200 INVITE")
        w:send(t.dut, sip.cancel(invite))
        w:ignore("200 CANCEL")
        local ended = w:maybe("487 INVITE", { within = "1s" })
        if ended then w:send(t.dut, sip.ack(invite, ended)) end
      end)
  end

  scenario("what rings is not said again by itself", { covers = { "STI-003" } }, function(t)
    local w = t:wire("w")
    local invite, first = device.rings(t, w)
    if first.status == 200 or t.dut:supports("auto_answer") then t:skip("it answers by itself") end
    w:ignore("1xx INVITE")
    t:sleep("5s")
    local gaps, rung = {}, t:messages("dut->>w: 180|183 INVITE")
    for i = 2, #rung do gaps[i - 1] = rung[i].time - rung[i - 1].time end
    if gaps[1] then expect(gaps[1], "from the first to the second"):never():between(0.4, 0.6) end
    if gaps[2] then expect(gaps[2], "from the second to the third"):never():between(0.8, 1.2) end
    w:send(t.dut, sip.cancel(invite))
    w:send(t.dut, sip.ack(invite, w:expect_all { "200 CANCEL", "487 INVITE" }[2]))
  end)
end)

group("uas", { needs = { "uas", "trigger:reject" }, tags = { "uas", "timer" } }, function()
  scenario("a refusal that is never acknowledged is said for 64*T1",
    { needs = { "udp" }, covers = { "STI-004", "STI-012" },
    tags = { "long" } }, function(t)
      refused(t, t:wire("w"))
      t:flow("dut->>w: 4xx|6xx INVITE x11 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 11.5s, 15.5s, 19.5s, 23.5s, 27.5s, 31.5s",
        { from = "before", within = "70s", quiet = "9s" })
    end)

  scenario("over TCP a refusal is said once", { needs = { "tcp" }, covers = { "STI-005" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    local invite, refusal = refused(t, w)
    t:sleep("4s")
    expect(refusals(t)):equals(1)
    w:send(t.dut, sip.ack(invite, refusal))
  end)

  scenario("an INVITE that was refused is refused again at once", { covers = { "STI-007" } }, function(t)
    local w = t:wire("w")
    local invite, refusal = refused(t, w)
    t:sleep("100ms")
    w:send(t.dut, invite)
    t:sleep("200ms")
    local said = t:messages("dut->>w: 4xx|6xx INVITE")
    expect(#said):equals(2)
    expect(said[2].to.tag):equals(refusal.to.tag)
    w:send(t.dut, sip.ack(invite, refusal))
  end)

  for _, transport in ipairs { "udp", "tcp" } do
    for wait, again in pairs { ["31s"] = false, ["33s"] = true } do
      scenario("over " .. transport .. " an INVITE is " .. (again and "another" or "the same") .. " " .. wait ..
        " behind its refusal", { needs = { transport }, covers = { "STI-006", "STI-007" }, tags = { "long" } },
        function(t)
          local w = t:wire("w", { transport = transport })
          local invite, refusal = refused(t, w)
          t:sleep(wait)
          local said = refusals(t)
          expect(rings_again(t, w, invite)):equals(again)
          if again then
            refuse_again(t, w, invite)
          else
            expect(refusals(t)):at_least(said + 1)
            w:send(t.dut, sip.ack(invite, refusal))
          end
        end)
    end
  end

  scenario("ACKs behind the first are absorbed", { covers = { "STI-008", "STI-008b" } }, function(t)
    local w = t:wire("w")
    local invite, refusal = refused(t, w)
    local ack = w:send(t.dut, sip.ack(invite, refusal))
    for _ = 1, 3 do
      t:sleep("1s")
      w:send(t.dut, ack)
    end
    w:expect_none("*", "500ms")
    expect(refusals(t)):equals(1)
    device.lives(t)
  end)

  -- The monitor takes the other ACK for the right one.
  scenario("the ACK of another branch stops nothing",
    { needs = { "udp" }, covers = { "STI-013" }, allow = { "STI-008" } }, function(t)
    local w = t:wire("w")
    local invite, refusal = refused(t, w)
    local ack = sip.ack(invite, refusal)
    w:send(t.dut, ack:with { branch = sip.branch() })
    t:sleep("1.8s")
    expect(refusals(t)):equals(3)
    w:send(t.dut, ack)
    t:sleep("2.2s")
    expect(refusals(t)):equals(3)
    expect(#t:messages("dut->>w: 1xx|2xx|4xx|5xx ACK")):equals(0)
  end)

  scenario("an INVITE that was refused and acknowledged rings no second time",
    { needs = { "udp" }, covers = { "STI-N02" } }, function(t)
    local w = t:wire("w")
    local invite, refusal = refused(t, w)
    w:send(t.dut, sip.ack(invite, refusal))
    t:sleep("2s")
    expect(rings_again(t, w, invite)):equals(false)
  end)
end)
