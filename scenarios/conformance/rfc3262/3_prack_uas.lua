-- RFC 3262 §3, §5, RFC 6337: what becomes of a reliable response, and of what it says.
local device = require("_device")

-- A wire calls the device and requires reliable responses: the first of them, its dialog, the INVITE.
local function rings(t, w, fields)
  local draft = { headers = { Require = "100rel" } }
  for name, value in pairs(fields or {}) do draft[name] = value end
  local invite, first = device.rings(t, w, draft)
  t:given(function() expect(first):is("1xx[RSeq]") end)
  return first, sip.dialog(invite, first), invite
end

local function prack(dialog, first, rack, fields)
  local draft = { headers = { RAck = rack or first.rseq .. " " .. first:header("CSeq") } }
  for name, value in pairs(fields or {}) do draft[name] = value end
  return dialog:request("PRACK", draft)
end

group("100rel", { needs = { "uas", "100rel" }, tags = { "uas" } }, function()
  for name, wrong in pairs {
    ["another RSeq"] = function(first) return first.rseq + 1 .. " " .. first:header("CSeq") end,
    ["another number"] = function(first) return first.rseq .. " " .. first.cseq.number + 1 .. " INVITE" end,
    ["another method"] = function(first) return first.rseq .. " " .. first.cseq.number .. " OPTIONS" end,
  } do
    scenario("a PRACK of " .. name .. " is a 481, and acknowledges nothing", { covers = { "PRK-007" } }, function(t)
      local w = t:wire("w")
      local first, dialog = rings(t, w)
      w:send(t.dut, prack(dialog, first, wrong(first)))
      w:expect("481 PRACK")
      t:sleep("800ms")
      expect(#t:messages("dut->>w: 1xx INVITE[RSeq]")):at_least(2)
      w:send(t.dut, prack(dialog, first))
      w:expect("2xx PRACK")
    end)
  end

  scenario("a reliable response is said again, doubling, until the PRACK",
    { covers = { "PRK-005", "PRK-N01" } }, function(t)
      local w = t:wire("w")
      t:mark("before")
      local first, dialog = rings(t, w)
      t:spawn(function()
        t:sleep("2s")
        w:send(t.dut, prack(dialog, first))
        w:expect("2xx PRACK")
      end)
      t:flow([[
        w->>dut: INVITE
        dut->>w: 100*
        dut->>w: 180|183 INVITE x3 @ 0, 500ms, 1.5s
        w->>dut: PRACK
        dut->>w: 200 PRACK
      ]], { from = "before", quiet = "2.2s" })
    end)

  scenario("a call whose reliable response is never acknowledged is refused after 64*T1",
    { covers = { "PRK-006" }, tags = { "long" } }, function(t)
      local w = t:wire("w")
      local first, _, invite = rings(t, w)
      local refusal = w:maybe("5xx INVITE", { within = "36s" })
      expect.soft(refusal, "a 5xx"):exists()                -- §3: SHOULD
      if not refusal then return end
      w:send(t.dut, sip.ack(invite, refusal))
      expect.soft(t:now() - first.time):between(31.5, 36)
    end)

  scenario("a PRACK behind a refusal is answered", { needs = { "trigger:reject" }, covers = { "PRK-N02" } }, function(t)
    local w = t:wire("w")
    local first, dialog, invite = rings(t, w)
    t.dut:trigger("reject")
    w:send(t.dut, sip.ack(invite, w:expect("4xx|6xx INVITE")))
    w:send(t.dut, prack(dialog, first))
    w:expect("2xx PRACK")
    w:expect_none("*", "1s")
  end)

  scenario("the offer is in the first reliable response, and in no other",
    { needs = { "trigger:answer" }, covers = { "PRK-N04" } }, function(t)
      local w = t:wire("w")
      local first, dialog, invite = rings(t, w, { sdp = false })
      expect(first.sdp):exists()
      w:send(t.dut, prack(dialog, first, nil, { sdp = device.sdp(w) }))
      w:expect("2xx PRACK")
      t.dut:trigger("answer")
      local ok = w:expect("200 INVITE")
      w:send(t.dut, sip.dialog(invite, ok):ack())
      expect(ok.sdp):is_nil()
    end)

  scenario("a 200 waits until what was said before is acknowledged",
    { needs = { "trigger:answer" }, covers = { "PRK-008" } }, function(t)
      local w = t:wire("w")
      local first, dialog, invite = rings(t, w)
      t:given(function() expect(first.sdp):exists() end)
      local answer = t:spawn(function() t.dut:trigger("answer") end)
      w:expect_none("200 INVITE", "300ms")
      w:send(t.dut, prack(dialog, first))
      local said = w:expect_all { "2xx PRACK", "200 INVITE" }
      w:send(t.dut, sip.dialog(invite, said[2]):ack())
      t:all(answer)
    end)

  scenario("what it says before it answers is what it answers",
    { needs = { "trigger:answer" }, covers = { "INV-N03" } }, function(t)
      local w = t:wire("w")
      local first, dialog, invite = rings(t, w)
      t:given(function() expect(first.sdp):exists() end)
      w:send(t.dut, prack(dialog, first))
      w:expect("2xx PRACK")
      t.dut:trigger("answer")
      local ok = w:expect("200 INVITE")
      w:send(t.dut, sip.dialog(invite, ok):ack())
      if ok.sdp then expect(ok.body):equals(first.body) end
    end)
end)
