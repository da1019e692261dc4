-- Session timers: RFC 4028, and the bad-input row B60. A wire is the other side.

local all = "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE"

-- A call of alice's that a wire answers, with these headers in its 200.
local function answered(t, opts, headers)
  local alice, bob = t:agent("alice", opts), t:wire("bob")
  bob:ignore("ACK")
  headers = headers or {}
  headers.Allow = headers.Allow or all
  local call = alice:invite(bob)
  local invite = bob:expect("INVITE")
  bob:reply(invite, 200, { to_tag = "b", contact = bob.uri, headers = headers })
  call:wait("confirmed")
  return alice, bob, call, invite
end

-- A call of a wire's that alice answers: the 200.
local function called(t, opts, headers)
  local alice, bob = t:agent("alice", opts), t:wire("bob")
  local invite = bob:send(alice, { method = "INVITE", uri = alice.uri, headers = headers })
  local leg = alice:expect_invite()
  leg:answer()
  local ok = bob:expect("200 INVITE")
  local dialog = sip.dialog(invite, ok)
  bob:send(alice, dialog:ack())
  leg:wait("confirmed")
  return ok, leg, alice, bob, dialog
end

local function quiet(bob, duration)
  bob:expect_none("INVITE|UPDATE|BYE", duration)
end

local function hang_up(bob, call)
  local bye = call:bye()
  bob:reply(bob:expect("BYE"), 200)
  bye:response(200)
end

scenario("RFC 4028 §7.1: each request says that timers are understood", { covers = { "STM-001" } }, function(t)
  local alice, bob, call, invite = answered(t)
  expect(invite:header("Supported")):matches("timer")
  expect(invite:header("Session-Expires")):is_nil()
  for _, method in ipairs { "OPTIONS", "INFO", "UPDATE" } do
    local sent = call:request(method)
    local request = bob:expect(method)
    expect(request:header("Supported")):matches("timer")
    bob:reply(request, 200, { contact = bob.uri })
    sent:response(200)
  end
  local bye = call:bye()
  local request = bob:expect("BYE")
  expect(request:header("Supported")):matches("timer")
  bob:reply(request, 200)
  bye:response(200)
end)

for name, row in pairs {
  ["not known to the caller"] = { nil, nil, "uas", nil },
  ["left open"] = { "timer", "", "uac", "timer" },
  ["the caller"] = { "timer", ";refresher=uac", "uac", "timer" },
  ["the callee"] = { "timer", ";refresher=uas", "uas", "timer" },
} do
  scenario("RFC 4028 Table 2: the refresher is " .. name, { covers = { "STM-004" } }, function(t)
    local ok, leg = called(t, nil, { Supported = row[1] or false,
                                     ["Session-Expires"] = "1800" .. (row[2] or "") })
    expect(ok:header("Session-Expires")):equals("1800;refresher=" .. row[3])
    expect(ok:header("Require")):equals(row[4])
    expect(leg.state):equals("confirmed")
  end)
end

scenario("RFC 4028 §9: the interval is reduced to ours, and not below Min-SE", { covers = { "STM-005" } },
  function(t)
    local ok = called(t, { session = { expires = "200s" } },
      { Supported = "timer", ["Session-Expires"] = "600", ["Min-SE"] = "300" })
    expect(ok:header("Session-Expires")):matches("^300;")
    expect(ok:header("Min-SE")):is_nil()
  end)

scenario("RFC 4028 §9: a callee may want a timer that nobody asked for", function(t)
  local ok = called(t, { session = { expires = "10m", refresher = "uas" } }, { Supported = "timer" })
  expect(ok:header("Session-Expires")):equals("600;refresher=uas")
end)

for _, interval in ipairs { "0", "1", "89" } do
  scenario("B60: an interval of " .. interval .. " is a 422", { covers = { "STM-002" } }, function(t)
    local alice, bob = t:agent("alice"), t:wire("bob")
    local invite = bob:send(alice, { method = "INVITE", uri = alice.uri,
                                     headers = { Supported = "timer", ["Session-Expires"] = interval } })
    local refused = bob:expect("422")
    expect(refused:header("Min-SE")):equals("90")
    bob:send(alice, sip.ack(invite, refused))
  end)
  scenario("B60: an interval of " .. interval .. " from who knows no 422 makes no timer", function(t)
    local ok, leg = called(t, nil, { ["Session-Expires"] = interval })
    expect(ok:header("Session-Expires")):is_nil()
    t:sleep("2m")
    expect(leg.state):equals("confirmed")
  end)
end

for _, interval in ipairs { "90", "4294967295", "4294967296", "99999999999999999999" } do
  scenario("B60: an interval of " .. interval .. " is granted or passed over", function(t)
    local ok, leg = called(t, nil, { Supported = "timer", ["Session-Expires"] = interval .. ";refresher=uac" })
    expect(ok.status):equals(200)
    t:sleep("50s")
    expect(leg.state):equals("confirmed")
  end)
end

for _, interval in ipairs { "0", "x", "" } do
  scenario("B60: a 200 with the interval \"" .. interval .. "\" begins no timer", function(t)
    local _, bob, call = answered(t, nil, { Require = "timer", ["Session-Expires"] = interval })
    quiet(bob, "3m")
    expect(call.state):equals("confirmed")
    hang_up(bob, call)
  end)
end

scenario("B60: both refreshers, and none", function(t)
  local _, bob, call = answered(t, nil, { ["Session-Expires"] = "90;refresher=uac;refresher=uas" })
  bob:reply(bob:expect("UPDATE", { within = "46s" }), 200,
            { contact = bob.uri, headers = { ["Session-Expires"] = "90" } })
  bob:reply(bob:expect("UPDATE", { within = "46s" }), 200, { contact = bob.uri })
  hang_up(bob, call)
end)

scenario("RFC 4028 §7.2: a 200 with an interval is obeyed, though none was asked for", function(t)
  local _, bob, call = answered(t, nil, { Require = "timer", ["Session-Expires"] = "90;refresher=uac" })
  local update = bob:expect("UPDATE", { within = "45.1s" })
  expect(update:header("Session-Expires")):equals("90;refresher=uac")
  expect(update.body):equals("")
  bob:reply(update, 200, { contact = bob.uri })
  -- RFC 4028 §7.2: a 2xx without one turns it off.
  quiet(bob, "3m")
  hang_up(bob, call)
end)

scenario("RFC 4028 §7.2: who alone knows of timers refreshes alone", function(t)
  local _, bob, call = answered(t, { session = { expires = "2m" } })
  for _ = 1, 3 do
    bob:reply(bob:expect("UPDATE", { within = "61s" }), 200, { contact = bob.uri })
  end
  hang_up(bob, call)
end)

scenario("RFC 4028 §7.4: by re-INVITE where the other side does not allow UPDATE", function(t)
  local _, bob, call = answered(t, nil,
    { Allow = "INVITE, ACK, BYE", Require = "timer", ["Session-Expires"] = "90;refresher=uac" })
  local invite = bob:expect("INVITE", { within = "46s" })
  expect(invite.body):equals(tostring(call.local_sdp))
  bob:reply(invite, 200, { contact = bob.uri, headers = { ["Session-Expires"] = "90;refresher=uac" } })
  hang_up(bob, call)
end)

scenario("RFC 4028 §10: nothing is refreshed where the other side does not", { covers = { "STM-007" } },
  function(t)
    local _, bob, call = answered(t, nil, { ["Session-Expires"] = "96;refresher=uas" })
    t:mark()
    bob:reply(bob:expect("BYE", { within = "65s" }), 200)
    call:wait("terminated")
    expect(call.ended):equals("timeout")
    expect(t:now()):between(64, 64.1)
  end)

for _, status in ipairs { 408, 481 } do
  scenario("RFC 4028 §10: a refresh that meets " .. status .. " ends the call", function(t)
    local _, bob, call = answered(t, nil, { ["Session-Expires"] = "90;refresher=uac" })
    bob:reply(bob:expect("UPDATE", { within = "46s" }), status)
    bob:reply(bob:expect("BYE", { within = "1s" }), 200)
    call:wait("terminated")
  end)
end

scenario("RFC 4028 §10: a refresh that is refused otherwise is no end, until there is one", function(t)
  local _, bob, call = answered(t, nil, { ["Session-Expires"] = "90;refresher=uac" })
  bob:reply(bob:expect("UPDATE", { within = "46s" }), 500)
  quiet(bob, "44s")
  bob:reply(bob:expect("BYE", { within = "2s" }), 200)
  call:wait("terminated")
  expect(call.ended):equals("timeout")
end)

scenario("B60: 422 in a circle", { covers = { "STM-003" } }, function(t)
  local alice, bob = t:agent("alice", { session = { expires = "90s" }, retry = true }), t:wire("bob")
  bob:ignore("ACK")
  local call = alice:invite(bob)
  local first
  for _, least in ipairs { "600", "900", "900" } do
    local invite = bob:expect("INVITE")
    if first then
      expect(invite.call_id):equals(first.call_id)
      expect(invite:header("Min-SE")):equals(invite:header("Session-Expires"))
    end
    first = invite
    bob:reply(invite, 422, { to_tag = "b" .. least, headers = { ["Min-SE"] = least } })
  end
  call:wait("terminated")
  expect(call.ended):equals("rejected")
end)

scenario("refresh = false leaves it to the other side to hang up", function(t)
  local _, bob, call = answered(t, { refresh = false }, { ["Session-Expires"] = "90;refresher=uac" })
  quiet(bob, "89s")
  bob:reply(bob:expect("BYE", { within = "2s" }), 200)
  call:wait("terminated")
end)

scenario("a refresh of the other side goes on with the session", function(t)
  local ok, leg, alice, bob, dialog = called(t, nil,
    { Supported = "timer", ["Session-Expires"] = "90;refresher=uac" })
  expect(ok.status):equals(200)
  for _ = 1, 3 do
    t:sleep("45s")
    bob:send(alice, dialog:request("UPDATE", { headers = { Supported = "timer",
      ["Session-Expires"] = "90;refresher=uac", Contact = "<" .. bob.uri .. ">" } }))
    expect(bob:expect("200 UPDATE"):header("Session-Expires")):equals("90;refresher=uac")
  end
  bob:reply(bob:expect("BYE", { within = "61s" }), 200)
  leg:wait("terminated")
  expect(leg.ended):equals("timeout")
end)

scenario("what makes no sense as an option is told", function(t)
  for text, opts in pairs {
    ["session: expires is in whole seconds, 1 at least"] = { session = { expires = "100ms" } },
    ["session: min_se is in whole seconds, 90 at least"] = { session = { min_se = "30s" } },
    ["session: refresher is \"uac\" or \"uas\", not \"me\""] = { session = { refresher = "me" } },
    ["session: by is \"UPDATE\" or \"INVITE\", not \"INFO\""] = { session = { by = "INFO" } },
    ["unknown option 'expire'"] = { session = { expire = "2m" } },
  } do
    expect(function() t:agent("alice", opts) end):raises(text)
  end
end)
