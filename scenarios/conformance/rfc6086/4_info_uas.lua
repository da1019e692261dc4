-- RFC 6086: what is said inside a call, and how it is taken.
local device = require("_device")

group("info", { needs = { "uas", "info", "trigger:answer" }, tags = { "uas" } }, function()
  scenario("an INFO of the older kind is taken with a plain 200", { covers = { "OPT-N03" } }, function(t)
    local call = device.talks(t, t:agent("alice"))
    local ok = call:info { content_type = "application/dtmf-relay", body = "Signal=1\r\nDuration=160\r\n" }:response()
    t:given(function() expect(ok.status, "the older use is enabled"):never():one_of { 415, 469, 501, 405 } end)
    expect(ok.status):equals(200)
    expect(ok:header("Info-Package")):is_nil()
  end)

  scenario("nobody says Recv-Info to who does not", { covers = { "OPT-N02" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    w:send(t.dut, dialog:request("BYE"))
    w:expect("200 BYE")
    for _, response in ipairs(t:messages("dut->>w: *")) do expect(response:header("Recv-Info")):is_nil() end
  end)
end)

group("info", { needs = { "uas", "info" }, tags = { "uas" } }, function()
  for name, case in pairs { ["of no call"] = { "OPT-006", ";tag=nobody" }, ["without a call"] = { "OPT-006b", "" } } do
    scenario("an INFO " .. name .. " is refused", { covers = { case[1] } }, function(t)
      local w = t:wire("w")
      w:send(t.dut, sip.request { method = "INFO", uri = t.dut.uri, contact = "<" .. w.uri .. ">",
        to = "<" .. t.dut.uri .. ">" .. case[2] })
      expect(w:expect("*").status):one_of(case[2] == "" and { 400, 403, 405, 415, 469, 481, 489, 501 } or { 481 })
    end)
  end
end)
