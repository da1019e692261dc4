-- RFC 4028 §7: the one who calls asks for an interval, and refreshes the session.
local device = require("_device")

group("timer", { needs = { "uac", "timer", "trigger:call" }, tags = { "uac" } }, function()
  scenario("who refreshes does so after half of the interval", { covers = { "STM-006", "STM-006c" }, tags = { "long" } },
    function(t)
      local w = t:wire("w")
      device.taken(w, device.calls(t, w), { headers = { Require = "timer", ["Session-Expires"] = "90;refresher=uac" } })
      w:expect("ACK")
      local before = t:now()
      w:expect("INVITE|UPDATE", { within = "89s" })
      expect.soft(t:now() - before):between(40, 50)
    end)
end)
