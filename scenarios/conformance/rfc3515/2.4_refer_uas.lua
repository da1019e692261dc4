-- RFC 3515 §2.4, RFC 7647: what becomes of a REFER at the one who is asked, and what he says of it.
local device = require("_device")

-- Alice talks to the device and sends it to somebody: what she hears of that, and her call.
local function refers(t, target, opts)
  local call = device.talks(t, t:agent("alice"))
  return call:refer(target, opts), call
end

-- A 202 is what one scenario of RFC 3515 is about.
group("refer", { needs = { "uas", "refer", "trigger:answer" }, tags = { "uas" }, allow = { "REF-002" } }, function()
  scenario("a REFER is accepted, and told of at once and in its dialog",
    { covers = { "REF-002", "REF-002b", "REF-003", "REF-003b", "REF-003c", "REF-004" } }, function(t)
      local carol = t:agent("carol")
      local transfer, call = refers(t, carol)
      expect(transfer:response("2xx").status):equals(200)
      local notify = transfer:expect("NOTIFY", { within = "5s" })
      expect(notify.call_id):equals(call.dialog.call_id)
      expect(notify.from.tag):equals(call.dialog.remote_tag)
      expect(notify.to.tag):equals(call.dialog.local_tag)
      expect(notify:header("Subscription-State")):exists()
      expect(notify:header("Event")):matches("^refer")
      expect(notify:header("Content-Type")):matches("^message/sipfrag")
      expect(notify.body):matches("^SIP/2.0 [1-6]\\d\\d ")
      carol:expect_invite():answer()
    end)

  for name, case in pairs {
    ["answers"] = { with = 200, says = "^SIP/2.0 2" },
    ["is busy"] = { with = 486, says = "^SIP/2.0 [3-6]" },
  } do
    scenario("it tells of the end, when the other one " .. name, { covers = { "REF-005", "REF-005b" } }, function(t)
      local carol = t:agent("carol")
      local transfer = refers(t, carol)
      local leg = carol:expect_invite()
      if case.with == 200 then leg:answer() else leg:reject(case.with) end
      local last = transfer:expect(function(m) return m:is("NOTIFY[Subscription-State ~ terminated]") end)
      expect(last:header("Subscription-State")):matches("reason=noresource")
      expect(last.body):matches(case.says)
      transfer:wait("terminated")
    end)
  end

  scenario("what is told of the second REFER in a dialog has its number", { covers = { "REF-006" } }, function(t)
    local carol, dora = t:agents("carol", "dora")
    local first, call = refers(t, carol)
    carol:expect_invite():reject(486)
    first:wait("terminated")
    local second = call:refer(dora)
    expect(second:expect("NOTIFY"):header("Event")):matches("^refer *; *id=" .. second.request.cseq.number .. "$")
    dora:expect_invite():reject(486)
  end)

  -- Who takes one of them all the same calls us.
  for name, values in pairs {
    none = function() return {} end,
    two = function(a, b) return { a, b } end,
    ["two in one row"] = function(a, b) return a .. ", " .. b end,
  } do
    scenario("a REFER with " .. name .. " of Refer-To is a 400", { covers = { "REF-001" } }, function(t)
      local w = t:wire("w")
      local dialog = device.dialog(t, w)
      local refer_to = values("<sip:a@" .. w.address .. ">", "<sip:b@" .. w.address .. ">")
      w:send(t.dut, dialog:request("REFER", { headers = { ["Refer-To"] = refer_to } }))
      w:expect("400 REFER")
    end)
  end

  scenario("nobody subscribes to what a REFER has not begun", { covers = { "REF-008" } }, function(t)
    local alice = t:agent("alice")
    alice:options(t.dut):response(200)
    alice:request("SUBSCRIBE", t.dut, { headers = { Event = "refer", Expires = "60" } }):response(403, { within = "8s" })
  end)

  scenario("a REFER to what is no SIP URI is not accepted", { covers = { "REF-009" } }, function(t)
    local transfer = refers(t, "telnet:192.0.2.9")
    transfer:response("4xx|5xx|6xx")
  end)

  scenario("a REFER that is refused is not told of", { covers = { "REF-011" } }, function(t)
    local transfer = refers(t, "telnet:192.0.2.9")
    if transfer:response("2xx|4xx|5xx|6xx").status < 300 then t:skip("it accepts this REFER, too") end
    t:sleep("2s")
    expect(#t:messages("dut->>alice: NOTIFY")):equals(0)
  end)

  scenario("to hear no more of it stops nothing", { covers = { "REF-N02" } }, function(t)
    local carol = t:agent("carol")
    local transfer = refers(t, carol)
    transfer:expect("NOTIFY")
    local leg = carol:expect_invite()
    leg:ring()
    transfer:terminate()
    transfer:wait("terminated")
    leg:expect_none("CANCEL", "2s")
    leg:answer()
    leg:wait("confirmed")
  end)

  scenario("a REFER without a call, which says whose it is", { covers = { "REF-N01" } }, function(t)
    local alice, carol = t:agents("alice", "carol")
    local call = device.talks(t, alice)
    alice:refer(t.dut, carol, { target_dialog = call }):response("2xx")
    carol:expect_invite():answer()
  end)
end)
