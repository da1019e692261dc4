-- RFC 4488 §4: who refers may ask not to be told of it.
local device = require("_device")

-- A 202 is what one scenario of RFC 3515 is about.
group("refer", { needs = { "uas", "refer", "norefersub", "trigger:answer" }, tags = { "uas" }, allow = { "REF-002" } }, function()
  scenario("nothing is told where the 200 says so, else all of it", { covers = { "REF-012", "REF-012b" } }, function(t)
    local carol = t:agent("carol")
    local transfer = device.talks(t, t:agent("alice")):refer(carol, { no_sub = true })
    local told = (transfer:response("2xx"):header("Refer-Sub") or "true"):lower():match("^true") ~= nil
    carol:expect_invite():answer()
    t:sleep("2s")
    expect(#t:messages("dut->>alice: NOTIFY") > 0, "there were NOTIFYs"):equals(told)
  end)
end)
