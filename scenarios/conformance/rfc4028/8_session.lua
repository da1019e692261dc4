-- RFC 4028 §7 to §10: who refreshes a session, and what becomes of one that nobody refreshes.
local device = require("_device")

local function session(interval, more)
  return { Supported = "timer", ["Session-Expires"] = interval .. (more or "") }
end

-- A wire calls, and asks for this: the dialog, and what it is granted.
local function asks(t, w, headers)
  local dialog, ok = device.dialog(t, w, { headers = headers })
  t:given(function() expect(ok:header("Session-Expires"), "Session-Expires"):exists() end)
  local interval, refresher = ok:header("Session-Expires"):match("^(%d+)%s*;?.*refresher=(%a+)")
  return dialog, tonumber(interval), refresher, ok
end

-- The device calls, and is told this.
local function told(t, w, interval, refresher)
  return device.connected(t, w, { headers = { Require = "timer",
    ["Session-Expires"] = interval .. ";refresher=" .. refresher } })
end

-- Its refresh: when it came, and how it is taken.
local function refreshed(t, w, within)
  local began = t:now()
  local refresh = w:expect("INVITE|UPDATE", { within = within })
  return t:now() - began, refresh
end

local function hung_up(w, within) w:reply(w:expect("BYE", { within = within }), 200) end

group("uas", { needs = { "uas", "timer", "trigger:answer" }, tags = { "uas" } }, function()
  for want, headers in pairs {
    ["uas, whom it has to be where the caller knows no timer"] = { ["Session-Expires"] = "1800" },
    ["uac, as the caller wants"] = session(1800, ";refresher=uac"),
    ["uas, as the caller wants"] = session(1800, ";refresher=uas"),
  } do
    scenario("the refresher is " .. want, { covers = { "STM-N01", "STM-004" } }, function(t)
      local _, _, refresher = asks(t, t:wire("w"), headers)
      expect(refresher):equals(want:sub(1, 3))
    end)
  end

  scenario("an interval of 30 s is too small", { covers = { "STM-002", "STM-002b" } }, function(t)
    local w = t:wire("w")
    w:ignore("100")
    local invite = w:send(t.dut, device.invite(t, w, { headers = session(30) }))
    local refusal = w:expect("422 INVITE")
    w:send(t.dut, sip.ack(invite, refusal))
    expect(tonumber((refusal:header("Min-SE") or "0"):match("%d+"))):at_least(90)
  end)

  scenario("a callee who is to refresh does so after half of the interval",
    { covers = { "STM-006b", "STM-006c" }, tags = { "long" } }, function(t)
      local w = t:wire("w")
      local _, interval = asks(t, w, session(90, ";refresher=uas"))
      local after, refresh = refreshed(t, w, interval .. "s")
      device.taken(w, refresh)
      if refresh.method == "INVITE" then w:expect("ACK") end
      expect(after):between(0.1, interval)
      expect.soft(after):between(interval / 2 - 5, interval / 2 + 5)
    end)

  scenario("a caller who does not refresh is hung up on, a little before the end",
    { covers = { "STM-007" }, tags = { "long" } }, function(t)
      local w = t:wire("w")
      local _, interval = asks(t, w, session(90, ";refresher=uac"))
      local began = t:now()
      local bye = w:expect("BYE", { within = interval + 5 .. "s" })
      w:reply(bye, 200)
      expect.soft(t:now() - began):between(interval * 2 / 3 - 1, interval)
    end)

  scenario("a refresh that changes nothing is answered by nothing new",
    { covers = { "STM-N06", "SDP-005c" } }, function(t)
      local w = t:wire("w")
      local dialog, _, _, ok = asks(t, w, session(1800, ";refresher=uac"))
      local again = device.takes(t, w, dialog, { headers = session(1800, ";refresher=uac"),
        sdp = t:messages("w->>dut: INVITE")[1].body })
      expect(again.body:match("o=[^\r\n]*")):equals(ok.body:match("o=[^\r\n]*"))
    end)
end)

group("uac", { needs = { "uac", "timer", "trigger:call" }, tags = { "uac" } }, function()
  scenario("all that a caller asks says that it knows timers",
    { needs = { "trigger:hold", "trigger:hangup" }, covers = { "STM-001" } }, function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      device.taken(w, invite)
      w:expect("ACK")
      local again = device.holds(t, w)
      device.taken(w, again)
      w:expect("ACK")
      for _, request in ipairs { invite, again, device.ends(t, w) } do
        expect(request, request.method):is("*[Supported = timer]")
      end
    end)

  scenario("a call that is told of a longer interval is made again, as the same call",
    { covers = { "STM-003", "STM-003b", "STM-003c" } }, function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      w:reply(invite, 422, { to_tag = "w", headers = { ["Min-SE"] = "3600" } })
      w:expect("ACK")
      local again = w:maybe("INVITE", { within = "2s" })
      if not again then t:skip("it does not try again") end
      w:reply(again, 486, { to_tag = "x" })
      w:expect("ACK")
      expect(tonumber((again:header("Min-SE") or ""):match("%d+"))):equals(3600)
      expect(tonumber((again:header("Session-Expires") or "0"):match("%d+"))):at_least(3600)
      expect(again.cseq.number):equals(invite.cseq.number + 1)
      expect.soft(again.call_id, "Call-ID"):equals(invite.call_id) -- §7.3: SHOULD
      expect.soft(again:header("To"), "To"):equals(invite:header("To"))
      expect.soft(again:header("From"), "From"):equals(invite:header("From"))
    end)

  scenario("a callee who does not refresh is hung up on, a little before the end",
    { covers = { "STM-007" }, tags = { "long" } }, function(t)
      local w = t:wire("w")
      told(t, w, 90, "uas")
      local began = t:now()
      hung_up(w, "95s")
      expect.soft(t:now() - began):between(59, 90)
    end)

  scenario("a session that is given no end has none",
    { covers = { "STM-008" }, tags = { "long" }, timeout = "1h" }, function(t)
      local w = t:wire("w")
      local dialog = device.connected(t, w)                 -- it had asked for an end
      local deadline = t:now() + 2000
      while t:now() < deadline do
        local request = w:maybe("INVITE|UPDATE|BYE", { within = "100s" })
        if request then
          expect(request.method):never():equals("BYE")
          device.taken(w, request)
          if request.method == "INVITE" then w:expect("ACK") end
        end
      end
      w:send(t.dut, dialog:request("BYE"))
      w:expect("200 BYE")
    end)

  for status, how in pairs { [481] = "is a 481", [408] = "is a 408" } do
    scenario("a refresh that " .. how .. " ends the call", { covers = { "STM-N03" }, tags = { "long" } }, function(t)
      local w = t:wire("w")
      told(t, w, 90, "uac")
      local _, refresh = refreshed(t, w, "89s")
      w:reply(refresh, status)
      if refresh.method == "INVITE" then w:expect("ACK") end
      hung_up(w, "5s")
    end)
  end

  scenario("a refresh that changes nothing says nothing new",
    { covers = { "STM-N06", "SDP-005c" }, tags = { "long" } }, function(t)
      local w = t:wire("w")
      local _, invite = told(t, w, 90, "uac")
      local _, refresh = refreshed(t, w, "89s")
      device.taken(w, refresh)
      if refresh.method == "INVITE" then w:expect("ACK") end
      if not refresh.sdp then return end                    -- RFC 4028 §7.4: an UPDATE needs none
      expect(refresh.body:match("o=[^\r\n]*")):equals(invite.body:match("o=[^\r\n]*"))
    end)
end)

scenario("an interval that it did not ask for is kept, too", { needs = { "uac", "trigger:call" },
  tags = { "uac", "long" }, covers = { "STM-N02" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    if not invite:is("*[Supported = timer]") then
      w:reply(invite, 486, { to_tag = "w" })
      w:expect("ACK")
      t:skip("it knows no timers")
    end
    t:given(function() expect(invite:header("Session-Expires")):is_nil() end)
    device.taken(w, invite, { headers = { Require = "timer", ["Session-Expires"] = "90;refresher=uac" } })
    w:expect("ACK")
    local after, refresh = refreshed(t, w, "89s")
    device.taken(w, refresh)
    if refresh.method == "INVITE" then w:expect("ACK") end
    expect.soft(after):between(40, 50)
  end)
