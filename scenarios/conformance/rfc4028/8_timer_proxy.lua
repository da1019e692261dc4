-- RFC 4028 §8: what a proxy makes of a session timer, whether it wants one or not.
local proxy = require("_proxied")

local function session(interval, more)
  local headers = { ["Session-Expires"] = tostring(interval) }
  for name, value in pairs(more or {}) do headers[name] = value end
  return { headers = headers }
end

local function number(msg, name) return tonumber((msg:header(name) or ""):match("^%s*(%d+)")) end

group("proxy", { needs = { "proxy" }, tags = { "proxy", "timer" } }, function()
  scenario("an interval is not raised, and not lowered below Min-SE", { covers = { "STM-009c" } }, function(t)
    local caller, bob = proxy.between(t)
    local sent, came = proxy.invites(t, caller, bob, session(1800, { Supported = "timer", ["Min-SE"] = "300" }))
    expect(number(came, "Session-Expires")):between(300, 1800)
    bob:reply(came, 486, { to_tag = "b" })
    proxy.refused(t, caller, bob, sent, 486)
  end)

  -- A 422 is its only means, §8.1.
  for name, least in pairs { ["no Min-SE is put in"] = false, ["Min-SE stays what it was"] = "60" } do
    scenario("where the caller knows timers " .. name, { covers = { "STM-009d" } }, function(t)
      local caller, bob = proxy.between(t)
      local sent = caller:send(t.dut, proxy.request(t, "INVITE",
        session(60, { Supported = "timer", ["Min-SE"] = least or nil })))
      local came = bob:maybe("INVITE", { within = "8s" })
      if not came then
        local refusal = caller:expect("422 INVITE")
        expect(number(refusal, "Min-SE")):at_least(90)
        caller:send(t.dut, sip.ack(sent, refusal))
        return
      end
      expect(number(came, "Min-SE")):equals(least and tonumber(least) or nil)
      bob:reply(came, 486, { to_tag = "b" })
      proxy.refused(t, caller, bob, sent, 486)
    end)
  end

  scenario("a session that nobody refreshes is not ended by it",
    { tags = { "long" }, covers = { "STM-N05" } }, function(t)
      local caller, bob = proxy.between(t)
      local sent, came = proxy.invites(t, caller, bob, session(90, { Supported = "timer" }))
      bob:reply(came, 200, { to_tag = "b", contact = "<" .. bob.uri .. ">",
        headers = { Require = "timer", ["Session-Expires"] = "90;refresher=uac" } })
      caller:send(t.dut, sip.dialog(sent, caller:expect("200 INVITE")):ack())
      bob:expect("ACK")
      caller:expect_none("*", "100s")
      bob:expect_none("*", "0s")
    end)
end)
