-- RFC 3261 §12, §14, §15: a user agent inside of a call.
local device = require("_device")

-- A re-INVITE may be refused, RFC 3261 §14.2.
local function takes(t, again)
  local response = again:response("200|488")
  if response.status == 488 then t:skip("it takes no re-INVITE") end
  return response
end

group("uas", { needs = { "uas", "trigger:answer" }, tags = { "uas" } }, function()
  scenario("the 200 keeps the routes that the INVITE came by", { covers = { "DLG-001" } }, function(t)
    local w = t:wire("w")
    local routes = { "<" .. device.at(w, "two") .. ";lr;x=1>;y=2", "<" .. device.at(w, "one") .. ";lr>" }
    local _, ok = device.dialog(t, w, { headers = { ["Record-Route"] = routes } })
    expect(#(ok.record_route or {})):equals(2)
    expect(ok.record_route[1].uri.user):equals("two")
    expect(ok.record_route[1].uri.params.x):equals("1")
    expect(ok.record_route[1].params.y):equals("2")
    expect(ok.record_route[2].uri.user):equals("one")
  end)

  scenario("the device hangs up along the route, at the Contact", { needs = { "trigger:hangup" },
    covers = { "DLG-003", "DLG-003b", "DLG-006", "DLG-009" } }, function(t)
      local w = t:wire("w")
      local dialog = device.dialog(t, w, { contact = "<" .. device.at(w, "here") .. ";x=1>", cseq = 1234567,
        headers = { ["Record-Route"] = { "<" .. device.at(w, "two") .. ";lr>",
          "<" .. device.at(w, "one") .. ";lr>" } } })
      t.dut:trigger("hangup")
      local bye = w:expect("BYE")
      w:reply(bye, 200)
      expect(bye.uri.user):equals("here")
      expect(bye.uri.params.x):equals("1")
      expect(#(bye.route or {})):equals(2)
      expect(bye.route[1].uri.user):equals("two")
      expect(bye.to.tag):equals(dialog.local_tag)
      expect(bye.from.tag):equals(dialog.remote_tag)
      expect(bye.cseq.number):never():equals(1234568)       -- that would be ours
    end)

  scenario("a number that goes back is a 500", { covers = { "DLG-010" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w, { cseq = 100 })
    w:send(t.dut, dialog:request("BYE", { cseq = 99 }))
    w:expect("500 BYE")
    w:send(t.dut, dialog:request("BYE", { cseq = 101 }))
    w:expect("200 BYE")
  end)

  scenario("a number may skip ahead", { covers = { "DLG-011", "DLG-023c" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    w:send(t.dut, dialog:request("BYE", { cseq = 4711 }))
    w:expect("200 BYE")
  end)

  scenario("OPTIONS inside the call is a 200, and the call goes on", { covers = { "OPT-003" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    w:send(t.dut, dialog:request("OPTIONS"))
    w:expect("200 OPTIONS")
    w:send(t.dut, dialog:request("BYE"))
    w:expect("200 BYE")
  end)

  scenario("behind a BYE the call is unknown", { covers = { "DLG-021", "DLG-023c" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    w:send(t.dut, dialog:request("BYE"))
    w:expect("200 BYE")
    w:send(t.dut, dialog:request("BYE"))
    w:expect("481 BYE")
  end)

  scenario("the call is held, and resumed", { covers = { "SDP-003" } }, function(t)
    local call = device.talks(t, t:agent("alice"))
    takes(t, call:hold())
    expect(call.remote_sdp.media[1].direction):one_of { "recvonly", "inactive" }
    call:resume():response(200)
    expect(call.remote_sdp.media[1].direction):equals("sendrecv")
    call:bye():response(200)
  end)

  scenario("a re-INVITE without an offer is answered with one", { covers = { "INV-011" } }, function(t)
    local call = device.talks(t, t:agent("alice"))
    local offer = takes(t, call:reinvite { sdp = false }).sdp
    expect(offer, "an offer"):exists()
    expect(offer.media[1].kind):equals("audio")
    call:bye():response(200)
  end)

  scenario("a re-INVITE moves the caller", { needs = { "trigger:hangup" }, covers = { "DLG-013" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    w:send(t.dut, dialog:request("INVITE", { contact = "<" .. device.at(w, "moved") .. ">", sdp = device.sdp(w) }))
    w:expect("200 INVITE")
    w:send(t.dut, dialog:ack())
    t:sleep("50ms")
    t.dut:trigger("hangup")
    local bye = w:expect("BYE")
    w:reply(bye, 200)
    expect(bye.uri.user):equals("moved")
  end)

  scenario("a BYE that is there before the answer ends the call", { covers = { "DLG-N08" } }, function(t)
    local w = t:wire("w")
    local invite, first = device.rings(t, w)
    if first.status == 200 then t:skip("it answers at once") end
    w:ignore("180|183 INVITE")
    w:send(t.dut, sip.dialog(invite, first):request("BYE"))
    local said = w:expect_all { "200 BYE", "487 INVITE" }
    w:send(t.dut, sip.ack(invite, said[2]))
  end)
end)
