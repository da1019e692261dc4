-- RFC 3261 §11.2, §12.1: OPTIONS asks, and makes nothing.
local device = require("_device")

group("uas", { needs = { "uas" }, tags = { "uas" } }, function()
  scenario("OPTIONS makes no dialog", { covers = { "OPT-003b" } }, function(t)
    local w = t:wire("w")
    local asked = w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri })
    local ok = w:expect("200 OPTIONS")
    w:send(t.dut, { method = "BYE", uri = t.dut.uri, from_tag = asked.from.tag, to_tag = ok.to.tag, cseq = 2,
      headers = { ["Call-ID"] = asked.call_id } })
    w:expect("481 BYE")
  end)
end)

group("uas", { needs = { "uas", "trigger:answer" }, tags = { "uas" } }, function()
  scenario("a package of INFO that nobody wants is a 469, and the call goes on", { covers = { "OPT-005" } }, function(t)
    local w = t:wire("w")
    local dialog, ok = device.dialog(t, w, { headers = { ["Recv-Info"] = "" } })
    if not ok:header("Recv-Info") then t:skip("it takes no packages (RFC 6086)") end
    w:send(t.dut, dialog:request("INFO", { headers = { ["Info-Package"] = "odd" } }))
    expect(w:expect("469 INFO"):header("Recv-Info")):exists()
    w:send(t.dut, dialog:request("BYE"))
    w:expect("200 BYE")
  end)
end)
