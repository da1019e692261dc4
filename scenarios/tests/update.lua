-- UPDATE (RFC 3311), and where offers meet (B55): who may offer when, what refuses it, and that a
-- refused offer leaves the session as it was.

local function up(t, ours, theirs)
  local alice, bob = t:agent("alice", ours), t:agent("bob", theirs)
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  return call, leg, alice, bob
end

local function early(t, ours, theirs)
  local alice, bob = t:agent("alice", ours), t:agent("bob", theirs)
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring { status = 183, reliable = true, sdp = true }
  leg:expect("PRACK")
  call:expect(183)
  return call, leg, alice, bob
end

local held = { direction = "sendonly", version = 2 }

scenario("RFC 3311 §5.2: an offer in UPDATE is answered by itself", function(t)
  local call, leg = up(t)
  local response = call:update { sdp = held }:response(200)
  expect(response.sdp.direction):equals("recvonly")
  expect(response.contact[1]):exists()
  expect(leg.remote_sdp.direction):equals("sendonly")
end)

scenario("RFC 3311 §5.2: an UPDATE without an offer gets no description", function(t)
  local call, leg = up(t)
  local before = tostring(leg.remote_sdp)
  expect(call:update():response(200).sdp):is_nil()
  expect(leg:update():response(200).sdp):is_nil()
  expect(tostring(leg.remote_sdp)):equals(before)
end)

scenario("RFC 3311 §5.1: either side, once the first exchange is done", { covers = { "UPD-003" } }, function(t)
  local call, leg = early(t)
  expect(call:update { sdp = held }:response(200).sdp.direction):equals("recvonly")
  expect(leg:update { sdp = { direction = "inactive", version = 3 } }:response(200).sdp.direction)
    :equals("inactive")
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  expect(call.remote_sdp.direction):equals("inactive")
end)

scenario("RFC 3311 §5.1: no offer before the first one is answered", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring { sdp = true }             -- not reliable: no answer yet
  call:expect(180)
  expect(function() call:update { sdp = held } end):raises("state forbids")
  call:update():response(200)         -- without an offer it may go
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
end)

scenario("RFC 3311 §5.2: an offer while ours is due is a 500", { covers = { "UPD-002" } }, function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  call:expect(180)
  local refused = call:update { sdp = held, force = true }:response(500)
  expect(tonumber(refused:header("Retry-After"))):between(0, 10)
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
end)

scenario("RFC 3311 §5.2: offers that cross are both refused 491", { net = "sim" }, function(t)
  -- net = "sim": that two requests cross is a matter of a millisecond.
  local call, leg = up(t)
  local hers, his = call:update { sdp = held }, leg:update { sdp = held }
  hers:response(491)
  his:response(491)
  expect(call.local_sdp.direction):equals("sendrecv")
  expect(leg.local_sdp.direction):equals("sendrecv")
  leg:update { sdp = held }:response(200)
end)

scenario("RFC 6141 §3.5: UPDATE and re-INVITE cross", { net = "sim" }, function(t)
  -- net = "sim": likewise.
  local call, leg = up(t)
  local hers, his = call:update { sdp = held }, leg:reinvite()
  hers:response(491)
  his:response(491)
  leg:reinvite():response(200)
end)

scenario("RFC 3311 §5.3: after a 491 it is tried again", { covers = { "UPD-005" }, net = "sim" }, function(t)
  -- net = "sim": likewise.
  local call, leg = up(t, { retry = true }, { retry = true })
  local hers, his = call:update { sdp = held }, leg:update { sdp = held }
  his:response(200)
  hers:response(200)
  expect(#t:messages("bob->>alice: 491 UPDATE")):equals(1)
  expect(#t:messages("alice->>bob: 491 UPDATE")):equals(1)
end)

scenario("RFC 3311 §5.3: a refused offer leaves the session as it was", function(t)
  local call, leg = up(t)
  local ours, theirs = tostring(call.local_sdp), tostring(call.remote_sdp)
  local video = sip.sdp { address = call.agent.address, codecs = { "opus/48000/2" } }
  local refused = call:update { sdp = video }:response(488)
  expect(refused:header("Warning")):matches("^305 ")
  expect(tostring(call.local_sdp)):equals(ours)
  expect(tostring(leg.remote_sdp)):equals(ours)
  call:reinvite { sdp = video }:response(488)
  expect(tostring(call.local_sdp)):equals(ours)
  expect(tostring(call.remote_sdp)):equals(theirs)
  expect(tostring(leg.remote_sdp)):equals(ours)
  call:hold():response(200)           -- and goes on from there
end)

scenario("RFC 6141 §4.9: UPDATE moves the target, in early dialogs too", { covers = { "UPD-006" } }, function(t)
  local call, leg, alice = early(t)
  local moved = "<sip:elsewhere@" .. alice.address .. ">"
  call:update { contact = moved }:response(200)
  expect(leg.dialog.remote_target):equals("sip:elsewhere@" .. alice.address)
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye():response(200)
  expect(t:messages("bob->>alice: BYE")[1].uri.user):equals("elsewhere")
end)

scenario("RFC 3264 §8: o= is kept, its version goes up by one with each change", { covers = { "SDP-005" } },
  function(t)
    local call, leg = up(t)
    local function version(sdp) return tonumber(sdp.origin.session_version) end
    local first, answered = version(call.local_sdp), version(leg.local_sdp)
    call:reinvite():response(200)     -- the same again, and the answer too
    expect(version(call.local_sdp)):equals(first)
    expect(version(leg.local_sdp)):equals(answered)
    call:hold():response(200)
    expect(version(call.local_sdp)):equals(first + 1)
    expect(version(leg.local_sdp)):equals(answered + 1)
    call:resume():response(200)
    expect(version(call.local_sdp)):equals(first + 2)
    expect(version(leg.local_sdp)):equals(answered + 2)
  end)

scenario("RFC 3264 §8.4: held by both sides a stream is inactive", function(t)
  local call, leg = up(t)
  call:hold():response(200)
  t:sleep("10ms")                     -- the ACK is there
  leg:hold():response(200)
  expect(call.local_sdp.direction):equals("inactive")
  expect(leg.local_sdp.direction):equals("inactive")
end)

scenario("B55: UPDATE inside a re-INVITE", function(t)
  local call, leg = up(t, nil, { manual = { "reINVITE" } })
  local reinvite = call:reinvite { sdp = false }
  local invite = leg:expect_request("INVITE")
  leg:update():response(200)          -- without an offer at any time
  invite:respond(200)
  reinvite:response(200)
  expect(call.state):equals("confirmed")
end)

scenario("B55: two offers outstanding", function(t)
  local call, leg = up(t, nil, { manual = { "reINVITE" } })
  local reinvite = call:reinvite()
  local invite = leg:expect_request("INVITE")
  expect(function() call:update { sdp = held } end):raises("state forbids")
  expect(function() leg:update { sdp = held } end):raises("state forbids")
  call:update { sdp = held, force = true }:response(500)
  leg:update { sdp = held, force = true }:response(491)
  invite:respond(200)
  reinvite:response(200)
  leg:update { sdp = held }:response(200)
end)

scenario("B55: BYE during a re-INVITE", function(t)
  local call, leg = up(t, nil, { manual = { "reINVITE" } })
  local reinvite = call:reinvite()
  leg:expect_request("INVITE")
  call:bye():response(200)
  reinvite:response(487)
  leg:wait("terminated")
end)

scenario("B55: re-INVITE and UPDATE after our BYE are a 481", { net = "sim" }, function(t)
  -- net = "sim": that they cross is a matter of a millisecond.
  for _, method in ipairs { "INVITE", "UPDATE" } do
    local alice, bob = t:agent("alice" .. method), t:agent("bob" .. method)
    local call = alice:invite(bob)
    local leg = bob:expect_invite()
    leg:answer()
    call:wait("confirmed")
    leg:wait("confirmed")
    local bye = call:bye()
    local late = method == "INVITE" and leg:reinvite { sdp = false } or leg:update()
    late:response(method == "INVITE" and "481|487" or "481")
    bye:response(200)
    leg:wait("terminated")
  end
end)

scenario("UPDATE outside a dialog is a 481", function(t)
  local alice, bob = t:agent("alice"), t:wire("bob")
  bob:send(alice, sip.request { method = "UPDATE", uri = alice.uri,
                                headers = { Contact = "<" .. bob.uri .. ">" } })
  bob:expect("481 UPDATE")
end)
