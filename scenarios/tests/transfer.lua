-- REFER (RFC 3515, 4488, 7647), Replaces (RFC 3891), Join (RFC 3911).

local function talking(t, a, b)
  local call = a:invite(b)
  local leg = b:expect_invite{ from = a }
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  return call, leg
end

scenario("a REFER that is refused makes no subscription", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local transfer = call:refer(carol)
  leg:expect_refer():reject(603)
  transfer:response(603)
  transfer:wait("terminated")
  expect(transfer.ended):equals("rejected")
  expect(call.state):equals("confirmed")
end)

scenario("the target refuses: the last NOTIFY says so", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local transfer = call:refer(carol)
  local asked = leg:expect_refer()
  asked:accept()
  local new = asked:follow()
  carol:expect_invite():reject(486)
  new:expect(486)
  transfer:expect_notify("486")
  transfer:wait("terminated")
  expect(transfer.reason):equals("noresource")
end)

scenario("the second REFER in a dialog has an id", function(t) -- RFC 3515 §2.4.6
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local first = call:refer(carol)
  local one = leg:expect_refer()
  one:accept()
  expect(first:expect_notify("100"):header("Event")):equals("refer")
  one:notify("503")
  first:expect_notify("503")
  local second = call:refer(carol)
  local two = leg:expect_refer()
  two:accept()
  local seq = second.request.cseq.number
  expect(second:expect_notify("100"):header("Event")):equals("refer;id=" .. seq)
  two:notify("200")
  second:expect_notify("200")
end)

scenario("REFER outside of any dialog, with method and headers in its URI", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local transfer = alice:refer(bob, carol.uri .. "?X-Reason=lunch%20time&Via=evil&Subject=a%0d%0aX-Evil:%201",
    { method = "OPTIONS" })
  local asked = bob:expect_refer()
  asked:accept()
  asked:follow():response(200)
  local sent = t:messages("bob->>carol: OPTIONS")[1]
  expect(sent:header("X-Reason")):equals("lunch time")
  expect(sent:header("X-Evil")):is_nil()      -- B28: no row of its own making
  expect(sent:header("Subject")):is_nil()
  expect(#sent:headers("Via")):equals(1)      -- RFC 3261 §19.1.5
  transfer:expect_notify("200")
  transfer:wait("terminated")
end)

scenario("Referred-By goes along", function(t) -- RFC 3892 §2.2
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  call:refer(carol, { referred_by = "<sip:alice@example.com>;cid=1" })
  local asked = leg:expect_refer()
  asked:accept()
  asked:follow()
  local third = carol:expect_invite()
  expect(third.request:header("Referred-By")):equals("<sip:alice@example.com>;cid=1")
  third:answer()
end)

for name, headers in pairs { ["none"] = {}, ["two"] = { ["Refer-To"] = { "<sip:a@192.0.2.9>", "<sip:b@192.0.2.9>" } } } do
  scenario("a REFER with " .. name .. " Refer-To", function(t) -- RFC 3515 §2.4.2
    local w, bob = t:wire("w"), t:agent("bob")
    w:send(bob, sip.request { method = "REFER", uri = bob.uri, contact = w.uri, headers = headers })
    w:expect(400)
  end)
end

scenario("BYE right after the REFER: the transfer goes on", function(t) -- RFC 5589 §6.1
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local transfer = call:refer(carol)
  local asked = leg:expect_refer()
  asked:accept()
  transfer:response(200)
  call:bye():response("200 BYE")
  local new = asked:follow()
  carol:expect_invite():answer()
  new:wait("confirmed")
  transfer:expect_notify("200")
  transfer:wait("terminated")
end)

-- B58, RFC 3891 §3: what the one who is asked answers by himself.
local function replacing(t, value, early)
  local alice, bob, w = t:agent("alice"), t:agent("bob"), t:wire("w")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  if early then leg:ring() call:wait("early") else leg:answer() call:wait("confirmed") leg:wait("confirmed") end
  local d = leg.dialog
  w:ignore("100")
  w:send(bob, sip.request { method = "INVITE", uri = bob.uri, contact = w.uri,
    headers = { Replaces = value(d) } })
  return call, leg, w, bob
end
local function right(d)
  return d.call_id .. ";to-tag=" .. d.local_tag .. ";from-tag=" .. d.remote_tag
end

local cases = {
  { "of an unknown dialog", 481, function(d) return "nothing;to-tag=a;from-tag=b" end },
  { "with its tags turned round", 481,
    function(d) return d.call_id .. ";to-tag=" .. d.remote_tag .. ";from-tag=" .. d.local_tag end },
  { "twice", 400, function(d) return { right(d), right(d) } end },
  { "without a to-tag", 400, function(d) return d.call_id .. ";from-tag=" .. d.remote_tag end },
  { "early-only, of a confirmed dialog", 486, function(d) return right(d) .. ";early-only" end },
  { "of an early dialog that it did not begin", 481, right, true },
}
for _, case in ipairs(cases) do
  scenario("B58: Replaces " .. case[1] .. " is refused with " .. case[2], function(t)
    local call, leg, w = replacing(t, case[3], case[4])
    local refusal = w:expect(case[2] .. " INVITE")
    w:send("sip:bob@" .. t:messages("bob->>w: *")[1].source, sip.ack(t:messages("w->>bob: INVITE")[1], refusal))
    expect(leg.state):equals(case[4] and "early" or "confirmed")
    if case[4] then call:cancel():response(200) call:expect(487) end
  end)
end

scenario("B58: Replaces of a call that has just ended is declined", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local value = right(leg.dialog)
  call:bye():response(200)
  leg:wait("terminated")
  local new = carol:invite(bob, { replaces = value })
  new:expect(603)
end)

scenario("what replaces a call cannot be answered: the call stays", function(t) -- RFC 3891 §3
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local new = carol:invite(bob, { replaces = call })
  bob:expect_invite{ replaces = leg }:reject(488)
  new:expect(488)
  expect(leg.state):equals("confirmed")
end)

-- RFC 3261 §15: the callee says no BYE before the ACK of its 2xx.
scenario("what replaces a call whose ACK is under way waits for that", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  t.net:drop("alice->>bob: ACK")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  local new = carol:invite(bob, { replaces = call })
  bob:expect_invite{ from = carol }:answer()
  new:wait("confirmed")
  call:wait("terminated")
  t:flow([[
    alice->>bob: INVITE
    bob->>alice: 200 INVITE
    alice-xbob: ACK
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    bob->>alice: BYE
    alice->>bob: 200 BYE
  ]])
end)

scenario("a BYE that goes out before the ACK ends the 200s when it is answered", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:drop("alice->>bob: ACK")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:bye{ force = true }:response(200)
  t:sleep("5s")
  expect(#t:messages("bob->>alice: 200 INVITE")):equals(1)
end)

scenario("Replaces in another request than INVITE", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob, { headers = { Replaces = "a;to-tag=b;from-tag=c" } }):response(400)
end)

scenario("Join comes to the scenario, and nothing ends by it", function(t) -- RFC 3911 §4
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local new = carol:invite(bob, { join = call })
  local third = bob:expect_invite{ from = carol }
  third:answer()
  new:wait("confirmed")
  expect(leg.state):equals("confirmed")
  carol:invite(bob, { join = "nothing;to-tag=a;from-tag=b" }):expect(481)
end)
