-- RFC 3311 §5.2: how an UPDATE is answered.
local device = require("_device")

group("update", { needs = { "uas", "update", "trigger:answer" }, tags = { "uas" } }, function()
  scenario("an offer in an UPDATE is answered at once, with an answer", { covers = { "UPD-N01", "UPD-004" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    w:send(t.dut, dialog:request("UPDATE", { sdp = device.sdp(w) }))
    local answer = w:expect("2xx UPDATE").sdp
    expect(answer, "an answer"):exists()
    expect(answer.media[1].kind):equals("audio")
  end)
end)
