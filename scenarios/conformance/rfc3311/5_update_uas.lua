-- RFC 3311 §5.2: UPDATE, while another offer is open, and while the call only rings.
local device = require("_device")

group("update", { needs = { "uas", "update" }, tags = { "uas" } }, function()
  scenario("an offer on top of one that is not answered is a 500 with Retry-After", { covers = { "UPD-002b" } },
    function(t)
      local w = t:wire("w")
      local _, first, dialog = device.only_rings(t, w)
      t:given(function() expect(first.sdp):is_nil() end)
      w:send(t.dut, dialog:request("UPDATE", { contact = "<" .. w.uri .. ">", sdp = device.sdp(w) }))
      expect(w:expect("500 UPDATE"):header("Retry-After")):matches("^ *([0-9]|10)\\b")
    end)

  scenario("an UPDATE moves the caller before the answer, and the 200 has the Contact of its answer",
    { needs = { "trigger:answer", "trigger:hangup" }, covers = { "UPD-006", "UPD-006b" } }, function(t)
      local w = t:wire("w")
      local invite, _, dialog = device.only_rings(t, w)
      w:send(t.dut, dialog:request("UPDATE", { contact = "<" .. device.at(w, "moved") .. ">" }))
      local updated = w:expect("200 UPDATE")
      t.dut:trigger("answer")
      local ok = w:expect("200 INVITE")
      w:send(t.dut, dialog:ack { cseq = invite.cseq.number })
      expect(device.ends(t, w).uri.user):equals("moved")
      expect(ok:header("Contact")):equals(updated:header("Contact"))
    end)

  scenario("an offer while its own is open is a 491",
    { needs = { "trigger:answer", "trigger:hold" }, covers = { "UPD-002" } }, function(t)
      local w = t:wire("w")
      local dialog = device.dialog(t, w)
      local own = device.holds(t, w)
      w:send(t.dut, dialog:request("UPDATE", { contact = "<" .. w.uri .. ">", sdp = device.sdp(w) }))
      w:expect("491 UPDATE")
      device.taken(w, own)
      w:expect("ACK")
    end)
end)

-- The UPDATE of the device.
local function updates(t, w)
  t:sleep("50ms")
  t.dut:trigger("update")
  return w:expect("UPDATE")
end

-- 491 to its UPDATE: it asks again in this time.
local function asks_again(t, w, least, most)
  local own = updates(t, w)
  w:reply(own, 491)
  local refused = t:now()
  local again = w:maybe("UPDATE", { within = "6s" })
  expect.soft(again, "another UPDATE"):exists()             -- §5.3: SHOULD
  if not again then return end
  w:reply(again, 488)
  expect.soft(t:now() - refused):between(least, most)
  expect(again.cseq.number):equals(own.cseq.number + 1)
end

group("update", { needs = { "update", "trigger:update" } }, function()
  scenario("a callee whose UPDATE was a 491 asks again within 2 s",
    { needs = { "uas", "trigger:answer" }, tags = { "uas" }, covers = { "UPD-005b" } }, function(t)
      local w = t:wire("w")
      device.dialog(t, w)
      asks_again(t, w, 0, 2.1)
    end)

  scenario("a caller whose UPDATE was a 491 asks again after 2.1 to 4 s",
    { needs = { "uac", "trigger:call" }, tags = { "uac" }, covers = { "UPD-005" } }, function(t)
      local w = t:wire("w")
      device.connected(t, w)
      asks_again(t, w, 2.1, 4.1)
    end)

  scenario("an UPDATE that is refused leaves the call as it was",
    { needs = { "uac", "trigger:call" }, tags = { "uac" }, covers = { "UPD-N02" } }, function(t)
      local w = t:wire("w")
      local dialog = device.connected(t, w)
      w:reply(updates(t, w), 488)
      device.takes(t, w, dialog)
      w:send(t.dut, dialog:request("BYE"))
      w:expect("200 BYE")
    end)

  scenario("a caller offers nothing new before the old is answered for certain",
    { needs = { "uac", "trigger:call" }, tags = { "uac" }, covers = { "UPD-003" } }, function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      w:reply(invite, 183, { to_tag = "w", contact = "<" .. w.uri .. ">", sdp = device.sdp(w) })
      t:sleep("50ms")
      local update = t:spawn(function() t.dut:trigger("update") end)
      w:expect_none("UPDATE[sdp]", "500ms")
      device.taken(w, invite)
      w:expect("ACK")
      t:all(update)
      local own = w:maybe("UPDATE", { within = "1s" })
      if own then w:reply(own, 488) end
    end)

  scenario("a callee offers nothing new before its answer is acknowledged",
    { needs = { "uas", "100rel", "trigger:answer" }, tags = { "uas" }, covers = { "UPD-003b" } }, function(t)
      local w = t:wire("w")
      local invite, first, dialog = device.only_rings(t, w, { headers = { Require = "100rel" } })
      t:given(function() expect(first):is("1xx[RSeq, sdp]") end)
      local update = t:spawn(function() t.dut:trigger("update") end)
      w:expect_none("UPDATE[sdp]", "300ms")
      w:send(t.dut, dialog:request("PRACK", { headers = { RAck = first.rseq .. " " .. first:header("CSeq") } }))
      w:expect("2xx PRACK")
      t:all(update)
      local own = w:maybe("UPDATE", { within = "1s" })
      if own then w:reply(own, 488) end
      w:send(t.dut, sip.cancel(invite))
      w:send(t.dut, sip.ack(invite, w:expect_all { "200 CANCEL", "487 INVITE" }[2]))
    end)
end)
