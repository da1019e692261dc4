-- RFC 3262 §3: how a callee makes sure that what it says before the answer is heard.
local device = require("_device")

-- A wire calls the device and requires reliable responses: the first of them, and the dialog that it made.
local function rings(t, w)
  local invite, first = device.rings(t, w, { headers = { Require = "100rel" } })
  t:given(function() expect(first.status):between(101, 199) end)
  return first, sip.dialog(invite, first), invite
end

group("100rel", { needs = { "uas", "100rel" }, tags = { "uas" } }, function()
  scenario("what is said before the answer is reliable where the caller requires it",
    { covers = { "PRK-001", "PRK-001c", "PRK-003", "PRK-007b" } }, function(t)
      local w = t:wire("w")
      local first, dialog = rings(t, w)
      expect(first):is("1xx[Require = 100rel]")
      expect(first.rseq):between(1, 2 ^ 31 - 1)
      w:send(t.dut, dialog:request("PRACK", { headers = { RAck = first.rseq .. " " .. first:header("CSeq") } }))
      w:expect("2xx PRACK")
    end)

  scenario("what is said next has the next number, once the first was acknowledged",
    { covers = { "PRK-003b", "PRK-004" }, needs = { "trigger:progress" } }, function(t)
      local w = t:wire("w")
      local first, dialog = rings(t, w)
      t:given(function() expect(first.rseq):exists() end)
      t:spawn(function() t.dut:trigger("progress") end)
      t:sleep("3s")
      expect(#t:messages("dut->>w: 1xx[RSeq != " .. first.rseq .. "]")):equals(0)
      w:send(t.dut, dialog:request("PRACK", { headers = { RAck = first.rseq .. " " .. first:header("CSeq") } }))
      w:expect("2xx PRACK")
      expect(w:expect("1xx INVITE").rseq):equals(first.rseq + 1)
      t:all()
    end)
end)

group("100rel", { needs = { "uas" }, tags = { "uas" } }, function()
  scenario("who does not know it says so where it is required", { covers = { "PRK-001b" } }, function(t)
    local w = t:wire("w")
    w:ignore("100")
    local invite = w:send(t.dut, device.invite(t, w, { headers = { Require = "100rel" } }))
    local refusal = w:expect("*")
    if refusal:is("1xx[Require = 100rel]") then t:skip("it knows 100rel") end
    if refusal.status >= 300 then w:send(t.dut, sip.ack(invite, refusal)) end
    expect(refusal):is("420 INVITE[Unsupported = 100rel]")
  end)
end)
