-- RFC 3261 §12.1.1, §12.2: what a callee keeps of a dialog, and what it asks in it.
local device = require("_device")

-- A route of this user at the wire.
local function hop(w, user, params) return "<" .. device.at(w, user) .. (params or ";lr") .. ">" end

group("uas", { needs = { "uas", "trigger:answer", "trigger:hangup" }, tags = { "uas" } }, function()
  scenario("a strict router is the Request-URI, and the Contact the last route", { covers = { "DLG-007" } }, function(t)
    local w = t:wire("w")
    device.dialog(t, w, { contact = hop(w, "here", ";x=1"), headers = {
      ["Record-Route"] = { hop(w, "one", ""), hop(w, "two", ""), hop(w, "three"), hop(w, "four", "") } } })
    local bye = device.ends(t, w)
    expect(bye.uri.user):equals("one")
    for i, user in ipairs { "two", "three", "four", "here" } do
      expect(bye.route[i].uri.user, "route " .. i):equals(user)
    end
    expect(#(bye.route or {})):equals(4)
  end)

  scenario("without a route the Contact is the Request-URI, as it was given", { covers = { "DLG-030" } }, function(t)
    local w = t:wire("w")
    device.dialog(t, w, { contact = hop(w, "x", ";foo=bar") .. ";q=0.5" })
    local bye = device.ends(t, w)
    expect(tostring(bye.uri)):equals(device.at(w, "x") .. ";foo=bar")
    expect(bye.route):is_nil()
  end)

  scenario("a method and headers in a Contact are ignored", { covers = { "DLG-030b" } }, function(t)
    local w = t:wire("w")
    device.dialog(t, w, { contact = hop(w, "x", ";foo=bar;method=INFO?Subject=b") })
    local bye = device.ends(t, w)
    expect.soft(tostring(bye.uri)):equals(device.at(w, "x") .. ";foo=bar") -- §19.1.1: SHOULD
  end)

  scenario("a re-INVITE changes no route", { covers = { "DLG-005b" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w, { headers = { ["Record-Route"] = hop(w, "one") } })
    device.takes(t, w, dialog, { headers = { ["Record-Route"] = hop(w, "other") } })
    local bye = device.ends(t, w)
    expect(#(bye.route or {})):equals(1)
    expect(bye.route[1].uri.user):equals("one")
  end)

  scenario("a re-INVITE that is refused moves nobody", { covers = { "DLG-014" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    local invite = w:send(t.dut, dialog:request("INVITE", { contact = "<" .. device.at(w, "moved") .. ">",
      sdp = sip.sdp { address = device.host(w), codecs = { "nothing/8000" } } }))
    local refused = w:expect("4xx|200 INVITE")
    if refused.status == 200 then t:skip("it takes whatever is offered") end
    w:send(t.dut, sip.ack(invite, refused))
    expect(device.ends(t, w).uri.user):equals("w")
  end)

  scenario("OPTIONS and an ACK move nobody", { covers = { "DLG-N06" } }, function(t)
    local w = t:wire("w")
    local ok, invite = device.picks_up(t, w)
    local dialog = sip.dialog(invite, ok)
    w:send(t.dut, dialog:ack { contact = "<" .. device.at(w, "moved") .. ">" })
    w:send(t.dut, dialog:request("OPTIONS", { contact = "<" .. device.at(w, "moved") .. ">" }))
    w:expect("2xx OPTIONS")
    expect(device.ends(t, w).uri.user):equals("w")
  end)

  scenario("a caller without a tag is answered, and hung up on without one",
    { covers = { "DLG-019", "DLG-019b" } }, function(t)
      local w = t:wire("w")
      local dialog, ok = device.dialog(t, w, { headers = { From = "<" .. w.uri .. ">" } })
      expect(ok.from.tag):is_nil()
      expect(dialog.local_tag):is_nil()
      expect(device.ends(t, w):header("To")):never():matches("tag")
    end)
end)

group("uas", { needs = { "uas", "trigger:answer" }, tags = { "uas" } }, function()
  scenario("a caller without a tag hangs up", { covers = { "DLG-019" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w, { headers = { From = "<" .. w.uri .. ">" } })
    w:send(t.dut, dialog:request("BYE"))
    w:expect("200 BYE")
  end)

  scenario("the number that counts is the highest that was taken", { covers = { "DLG-011b" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    device.takes(t, w, dialog, { cseq = 900 })
    w:send(t.dut, dialog:request("BYE", { cseq = 899 }))
    w:expect("500 BYE")
    w:send(t.dut, dialog:request("BYE", { cseq = 901 }))
    w:expect("200 BYE")
  end)

  scenario("numbers go up to 2^31 - 1", { covers = { "DLG-020b" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    w:send(t.dut, dialog:request("OPTIONS", { cseq = 2147483646 }))
    w:expect("2xx OPTIONS")
    w:send(t.dut, dialog:request("BYE", { cseq = 2147483647 }))
    w:expect("2xx BYE")
  end)
end)
