-- RFC 3261 §9.2: how a user agent takes a CANCEL.
local device = require("_device")

-- A call that rings, and not one that is up already.
local function ringing(t, w)
  local invite, first = device.rings(t, w)
  if first.status == 200 then t:skip("it answers before it can be cancelled") end
  w:ignore("180|183 INVITE")
  return invite, first
end

group("uas", { needs = { "uas" }, tags = { "uas" } }, function()
  scenario("a call that rings is cancelled: 200, and 487",
    { covers = { "CAN-008", "CAN-008b", "CAN-008c", "CAN-N03", "STI-014", "STI-014b", "STI-014c" } }, function(t)
      local w = t:wire("w")
      local invite, first = ringing(t, w)
      w:send(t.dut, sip.cancel(invite))
      local said = w:expect_all { "200 CANCEL", "487 INVITE" }
      w:send(t.dut, sip.ack(invite, said[2]))
      expect.soft(said[1].to.tag, "the To tag of the 200"):equals(said[2].to.tag) -- §9.2: SHOULD
      expect(said[2].to.tag):equals(first.to.tag or said[2].to.tag)
    end)

  scenario("over TCP, too", { needs = { "tcp" }, covers = { "CAN-008b", "STI-014b" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    local invite = ringing(t, w)
    w:send(t.dut, sip.cancel(invite))
    w:send(t.dut, sip.ack(invite, w:expect_all { "200 CANCEL", "487 INVITE" }[2]))
  end)

  scenario("Require in a CANCEL is ignored", { covers = { "UAS-006" } }, function(t)
    local w = t:wire("w")
    local invite = ringing(t, w)
    w:send(t.dut, sip.cancel(invite):with { headers = { Require = "nothingSupportsThis" } })
    w:send(t.dut, sip.ack(invite, w:expect_all { "200 CANCEL", "487 INVITE" }[2]))
  end)

  scenario("a SUBSCRIBE is answered as if there were no CANCEL, which is answered, too",
    { covers = { "CAN-010", "CAN-010b" } }, function(t)
      local w = t:wire("w")
      w:ignore("NOTIFY")
      local subscribe = w:send(t.dut, { method = "SUBSCRIBE", uri = t.dut.uri, headers = { Event = "nothing" } })
      w:send(t.dut, sip.cancel(subscribe))
      local said = w:expect_all { "200 CANCEL", "2xx|4xx|5xx SUBSCRIBE" }
      expect(said[2].status):never():equals(487)
    end)

  scenario("a CANCEL of nothing is a 481", { covers = { "CAN-007" } }, function(t)
    local w = t:wire("w")
    local never_sent = sip.request(device.invite(t, w, { headers = {
      Via = device.via(w) .. ";branch=z9hG4bKnothing", From = "<" .. w.uri .. ">;tag=1" } }))
    w:send(t.dut, sip.cancel(never_sent))
    w:expect("481 CANCEL")
  end)
end)

scenario("a CANCEL behind a refusal is answered, and changes nothing",
  { needs = { "udp", "uas", "trigger:reject" }, tags = { "uas" }, covers = { "CAN-009b" } }, function(t)
    local w = t:wire("w")
    local invite = ringing(t, w)
    t.dut:trigger("reject")
    local refusal = w:expect("4xx|6xx INVITE")
    t:sleep("1s")
    local before = #t:messages("dut->>w: 4xx|6xx INVITE")
    w:send(t.dut, sip.cancel(invite))
    w:expect("200 CANCEL")
    t:sleep("1s")
    local after = t:messages("dut->>w: 4xx|6xx INVITE")
    expect(#after):at_least(before + 1)
    for _, copy in ipairs(after) do expect(copy.status):equals(refusal.status) end
    w:send(t.dut, sip.ack(invite, refusal))
  end)

scenario("a CANCEL behind the 200 is answered, and the call goes on",
  { needs = { "uas", "trigger:answer" }, tags = { "uas" }, covers = { "CAN-009" } }, function(t)
    local w = t:wire("w")
    local ok, invite = device.picks_up(t, w)
    local dialog = sip.dialog(invite, ok)
    w:send(t.dut, dialog:ack())
    w:send(t.dut, sip.cancel(invite))
    w:expect("200|481 CANCEL", { skip = true })             -- RFC 6026 §8: no transaction may be left to be found
    w:send(t.dut, dialog:request("BYE"))
    w:expect("200 BYE", { skip = true })
  end)
