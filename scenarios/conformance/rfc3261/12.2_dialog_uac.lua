-- RFC 3261 §12.1.2, §12.2.1, §15.1.1: what a caller keeps of a dialog, and what it asks in it.
local device = require("_device")

local function hop(w, user) return "<" .. device.at(w, user) .. ";lr>" end

group("uac", { needs = { "uac", "trigger:call", "trigger:hangup" }, tags = { "uac" } }, function()
  scenario("the device hangs up at the Contact of the 200", { covers = { "DLG-004b", "DLG-030" } }, function(t)
    local w = t:wire("w")
    device.connected(t, w, { contact = "<" .. device.at(w, "x") .. ";foo=bar>;q=0.5" })
    local bye = device.ends(t, w)
    expect(tostring(bye.uri)):equals(device.at(w, "x") .. ";foo=bar")
    expect(bye.route):is_nil()
  end)

  scenario("the route is that of the 200, whatever the 180 said", { covers = { "DLG-005" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:reply(invite, 180, { to_tag = "w", contact = "<" .. w.uri .. ">",
      headers = { ["Record-Route"] = hop(w, "early") } })
    device.taken(w, invite, { headers = { ["Record-Route"] = hop(w, "late") } })
    for _, request in ipairs { w:expect("ACK"), device.ends(t, w) } do
      expect(#(request.route or {})):equals(1)
      expect(request.route[1].uri.user):equals("late")
    end
  end)

  scenario("two callees are two dialogs: each has its number, its target, its route",
    { covers = { "DLG-017b", "DLG-017c" } }, function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      for _, tag in ipairs { "one", "two" } do
        device.taken(w, invite, { to_tag = tag, contact = hop(w, tag), headers = { ["Record-Route"] = hop(w, "to" .. tag) } })
        w:expect("ACK[To.tag = " .. tag .. "]")
      end
      local byes = { w:expect("BYE") }                      -- §13.2.2.4: one of them is not wanted
      w:reply(byes[1], 200)
      byes[2] = device.ends(t, w)
      for _, bye in ipairs(byes) do
        expect(bye.cseq.number):equals(invite.cseq.number + 1)
        expect(bye.uri.user):equals(bye.to.tag)
        expect(bye.route[1].uri.user):equals("to" .. bye.to.tag)
      end
    end)

  for _, status in ipairs { 481, 408 } do
    scenario("a BYE that is answered " .. status .. " ends the call", { covers = { "DLG-024b" } }, function(t)
      local w = t:wire("w")
      local dialog = device.connected(t, w)
      t:sleep("50ms")
      t.dut:trigger("hangup")
      w:reply(w:expect("BYE"), status)
      device.has_forgotten(t, w, dialog)
      w:expect_none("*", "1s")
    end)
  end

  scenario("a BYE that nobody answers ends the call", { covers = { "DLG-024" }, tags = { "long" } }, function(t)
    local w = t:wire("w")
    local dialog = device.connected(t, w)
    t:sleep("50ms")
    t.dut:trigger("hangup")
    w:expect("BYE")
    t:sleep("33s")
    t:mark("given up")
    device.has_forgotten(t, w, dialog)
    w:expect_none("*", "5s")
  end)
end)

group("uac", { needs = { "uac", "trigger:call", "trigger:hold", "trigger:hangup" }, tags = { "uac" } }, function()
  scenario("a re-INVITE changes no route", { covers = { "DLG-005b" } }, function(t)
    local w = t:wire("w")
    device.connected(t, w, { headers = { ["Record-Route"] = hop(w, "one") } })
    device.taken(w, device.holds(t, w), { headers = { ["Record-Route"] = hop(w, "other") } })
    for _, request in ipairs { w:expect("ACK"), device.ends(t, w) } do
      expect(#(request.route or {})):equals(1)
      expect(request.route[1].uri.user):equals("one")
    end
  end)

  scenario("the 200 to a re-INVITE moves the callee", { covers = { "DLG-N04" } }, function(t)
    local w = t:wire("w")
    device.connected(t, w)
    device.taken(w, device.holds(t, w), { contact = "<" .. device.at(w, "moved") .. ">" })
    expect(w:expect("ACK").uri.user):equals("moved")
    expect(device.ends(t, w).uri.user):equals("moved")
  end)

  scenario("a 180 to a re-INVITE that is refused then moves nobody, and the call goes on",
    { covers = { "DLG-N05", "INV-008" } }, function(t)
      local w = t:wire("w")
      local dialog = device.connected(t, w)
      local again = device.holds(t, w)
      w:reply(again, 180, { contact = "<" .. device.at(w, "moved") .. ">" })
      w:reply(again, 488)
      w:expect("ACK")
      w:send(t.dut, dialog:request("OPTIONS"))
      w:expect("2xx OPTIONS")
      expect(device.ends(t, w).uri.user):equals("w")
    end)

  for status, id in pairs { [481] = "DLG-015", [408] = "DLG-015b" } do
    scenario("a re-INVITE that is answered " .. status .. " ends the call", { covers = { id } }, function(t)
      local w = t:wire("w")
      local dialog = device.connected(t, w)
      w:reply(device.holds(t, w), status)
      w:expect("ACK")
      local bye = w:maybe("BYE", { within = "2s" })         -- §12.2.1.2: SHOULD
      expect.soft(bye, "the BYE"):exists()
      if bye then w:reply(bye, 200) end
      device.has_forgotten(t, w, dialog)
    end)
  end

  scenario("a re-INVITE that nobody answers ends the call after 64*T1", { covers = { "DLG-016" }, tags = { "long" } },
    function(t)
      local w = t:wire("w")
      device.connected(t, w)
      device.holds(t, w)
      local asked = t:now()
      local bye = w:maybe("BYE", { within = "40s" })
      expect.soft(bye, "the BYE"):exists()                  -- §12.2.1.2: SHOULD
      if not bye then return end
      w:reply(bye, 200)
      expect.soft(t:now() - asked):between(31, 36)
    end)
end)

group("uac", { needs = { "uac", "trigger:call" }, tags = { "uac" } }, function()
  scenario("a refusal ends every early dialog", { covers = { "DLG-018" } }, function(t)
    local w = t:wire("w")
    local invite, early = device.calls(t, w), {}
    for i, tag in ipairs { "one", "two" } do
      early[i] = sip.dialog(invite, w:reply(invite, 180, { to_tag = tag, contact = "<" .. w.uri .. ">" }))
    end
    w:reply(invite, 486, { to_tag = "one" })
    w:expect("ACK")
    for _, dialog in ipairs(early) do device.has_forgotten(t, w, dialog) end
    w:expect_none("*", "1s")
  end)

  scenario("a 100 makes no dialog, a 180 does", { covers = { "INV-017", "INV-017b" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    device.has_forgotten(t, w, sip.dialog(invite, w:reply(invite, 100,
      { to_tag = "x", contact = "<" .. w.uri .. ">" })))
    local ringing = w:reply(invite, 180, { to_tag = "y", contact = "<" .. w.uri .. ">" })
    w:send(t.dut, sip.dialog(invite, ringing):request("OPTIONS"))
    expect(w:expect("2xx|4xx|5xx OPTIONS").status):never():equals(481)
    w:reply(invite, 486, { to_tag = "y" })
    expect(w:expect("ACK").to.tag):equals("y")
  end)
end)
