-- RFC 4028 §9: how long a session lasts, as the one who is called grants it.
local device = require("_device")

group("timer", { needs = { "uas", "timer", "trigger:answer" }, tags = { "uas" } }, function()
  scenario("the interval is not made longer, nor shorter than the caller's least",
    { covers = { "STM-004", "STM-004b", "STM-005" } }, function(t)
      local ok = device.picks_up(t, t:wire("w"), { headers = { Supported = "timer", ["Min-SE"] = "300",
        ["Session-Expires"] = "600;refresher=uac" } })
      t:given(function() expect(ok:header("Session-Expires")):exists() end)
      expect(ok):is("2xx[Require = timer]")
      local interval, refresher = ok:header("Session-Expires"):match("^(%d+) *;.*refresher=(%a+)")
      expect(refresher):equals("uac")
      expect(tonumber(interval)):between(300, 600)
    end)
end)
