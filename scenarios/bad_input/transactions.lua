-- Transactions against the rules, B42 to B51: a wire that sends too early, too late, twice or under another name.
local peer = require("_peer")

-- A refusal and its ACK.
local function refused(w, alice, invite, status)
  local refusal = w:expect(status .. " INVITE", { skip = true })
  w:send(alice, sip.ack(invite, refusal))
  return refusal
end

scenario("B42: a CANCEL that is there before the 100", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  local invite = w:send(alice, { method = "INVITE", uri = alice.uri })
  w:send(alice, sip.cancel(invite))
  local leg = alice:expect_invite()
  w:expect("200 CANCEL")
  refused(w, alice, invite, 487)
  leg:wait("terminated")
  expect(leg.ended):equals("cancelled")
  w:expect_none("*", "40s")
end)

scenario("B42: a CANCEL twice is answered twice and cancels once", function(t)
  local alice, w, invite, leg = peer.calls(t)
  leg:ring()
  w:expect(180)
  local cancel = w:send(alice, sip.cancel(invite))
  w:send(alice, cancel)
  w:expect("200 CANCEL")
  refused(w, alice, invite, 487)
  leg:wait("terminated")
  t:sleep("1s")
  expect(#t:messages("alice->>w: 200 CANCEL")):equals(2)
  expect(#t:messages("alice->>w: 487 INVITE")):equals(1)
end)

scenario("B42: a CANCEL after the 200 is answered, and the call goes on", function(t)
  local alice, w, dialog, leg, invite = peer.talks(t)
  w:send(alice, sip.cancel(invite))
  w:expect("200 CANCEL")                       -- RFC 3261 §9.2
  t:sleep("1s")
  expect(leg.state):equals("confirmed")
  w:send(alice, dialog:request("BYE"))
  w:expect("200 BYE")
end)

scenario("B42: a CANCEL that crosses the 200, and one that crosses the 486", { net = "sim" }, function(t)
  -- net = "sim": that two messages cross is a matter of a millisecond.
  local alice, w, invite, leg = peer.calls(t)
  leg:ring()
  w:expect(180)
  leg:answer()
  w:send(alice, sip.cancel(invite))            -- before the 200 is here
  local ok = w:expect("200 INVITE")
  w:expect("200 CANCEL")
  w:send(alice, sip.dialog(invite, ok):ack())
  leg:wait("confirmed")

  local second = w:send(alice, { method = "INVITE", uri = alice.uri })
  local busy = alice:expect_invite()
  busy:reject(486)
  w:send(alice, sip.cancel(second))
  local refusal = w:expect("486 INVITE")
  w:expect("200 CANCEL")
  w:send(alice, sip.ack(second, refusal))
  expect(busy.ended):equals("rejected")
  w:expect_none("*", "40s")
end)

for name, row in pairs {
  ["branch"] = { { branch = "z9hG4bKother" }, 481 },
  ["CSeq number"] = { { cseq = "77 CANCEL" }, 200 },       -- RFC 3261 §9.2, §17.2.3: the branch says whose it is
  ["To"] = { { headers = { To = "<sip:nobody@example.com>" } }, 200 },
} do
  scenario("B42: a CANCEL with another " .. name .. " is answered " .. row[2], function(t)
    local alice, w, invite, leg = peer.calls(t)
    leg:ring()
    w:expect(180)
    w:send(alice, sip.cancel(invite):with(row[1]))
    w:expect(row[2] .. " CANCEL")
    if row[2] == 481 then
      expect(leg.state):equals("early")
      leg:reject(486)
    end
    refused(w, alice, invite, row[2] == 481 and 486 or 487)
  end)
end

scenario("B42: a CANCEL for nothing is a 481", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  local invite = sip.request { method = "INVITE", uri = alice.uri, headers = { Via = "SIP/2.0/UDP " .. w.address .. ";branch=z9hG4bKno",
    From = "<" .. w.uri .. ">;tag=1", To = "<" .. alice.uri .. ">" } }
  w:send(alice, sip.cancel(invite))
  w:expect("481 CANCEL")
end)

scenario("B43: 100 after 180, 180 after 200, 486 after 200, and copies of all of them", function(t)
  local alice, w, invite, call = peer.is_called(t)
  local function say(status, opts)
    opts = opts or {}
    opts.to_tag, opts.contact = "b", w.uri
    for _ = 1, 2 do w:reply(invite, status, opts) end
  end
  say(100)
  say(180)
  call:expect(180)
  w:reply(invite, 100)
  expect(call.state):equals("early")
  say(200, { sdp = sip.sdp { address = w.address:match("^(.*):%d+$") } })
  call:wait("confirmed")
  w:expect("ACK")
  say(180)
  say(486)
  t:sleep("1s")
  expect(call.state):equals("confirmed")
  expect(#t:messages("alice->>w: ACK")):equals(2)          -- one for each 200, none for a 486
  local bye = call:bye()
  w:reply(w:expect("BYE"), 200)
  bye:response(200)
end)

scenario("B43: 200 after 486, and another refusal after it", function(t)
  local alice, w, invite, call = peer.is_called(t)
  w:reply(invite, 486, { to_tag = "b" })
  w:expect("ACK")
  call:expect(486)
  w:reply(invite, 200, { to_tag = "b", contact = w.uri })
  w:reply(invite, 603, { to_tag = "b" })
  w:reply(invite, 486, { to_tag = "b" })
  t:sleep("1s")
  expect(call.ended):equals("rejected")
  expect(call.last_response.status):equals(486)
  expect(#t:messages("alice->>w: ACK")):equals(3)          -- RFC 3261 §17.1.1.2: for each refusal, none for the 200
  expect(#t:messages("alice->>w: BYE")):equals(0)
end)

scenario("B43: a response with another method, another sent-by, or of two Vias is nobody's", function(t)
  local alice, w, invite, call = peer.is_called(t)
  local via = invite:header("Via")
  w:send(alice, sip.response(invite, 486, { headers = { CSeq = invite.cseq.number .. " BYE" } }))
  w:send(alice, sip.response(invite, 486, { headers = { Via = (via:gsub("UDP %S-;", "UDP 192.0.2.99;", 1)) } }))
  w:send(alice, sip.response(invite, 486, { headers = { Via = { via, "SIP/2.0/UDP 192.0.2.98;branch=z9hG4bKlow" } } }))
  w:send(alice, sip.response(invite, 486, { headers = { Via = false } }))
  w:expect_none("ACK", "100ms")
  expect(call.state):equals("calling")
  w:reply(invite, 486, { to_tag = "b" })
  w:expect("ACK", { skip = true })
  call:expect(486)
end)

scenario("B44: without an ACK the 486 is sent eleven times, and that is all", { net = "sim" }, function(t)
  local alice, w, invite, leg = peer.calls(t)
  leg:reject(486)
  w:expect("486 INVITE")
  t:sleep("70s")
  expect(#t:messages("alice->>w: 486 INVITE")):equals(11)
  expect(leg.state):equals("terminated")
  peer.alive(t, alice)
end)

scenario("B44: an ACK that is there in the very instant of the 200", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:link("*", "*", { latency = "0ms" })
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  leg:wait("confirmed")
  expect(t:now()):equals(0)
  t:sleep("1m")
  expect(#t:messages("bob->>alice: 200 INVITE")):equals(1)
  call:bye():response(200)
end)

scenario("B44: an ACK of a 486 with another branch stops nothing", function(t)
  local alice, w, invite, leg = peer.calls(t)
  leg:reject(486)
  local refusal = w:expect("486 INVITE")
  w:send(alice, sip.ack(invite, refusal):with { branch = "z9hG4bKother" })
  t:sleep("600ms")
  expect(#t:messages("alice->>w: 486 INVITE")):equals(2)
  w:send(alice, sip.ack(invite, refusal))
  t:sleep("2s")
  expect(#t:messages("alice->>w: 486 INVITE")):equals(2)
end)

scenario("B44: an ACK with a body that nobody asked for", function(t)
  local alice, w, invite, leg = peer.calls(t)
  leg:answer()
  local dialog = sip.dialog(invite, w:expect("200 INVITE"))
  local before = tostring(leg.remote_sdp)
  w:send(alice, dialog:ack { body = "v=0\r\no=evil 1 1 IN IP4 192.0.2.9\r\ns=-\r\nt=0 0\r\n", content_type = "application/sdp" })
  leg:wait("confirmed")
  expect(tostring(leg.remote_sdp)):equals(before)
  w:send(alice, dialog:request("BYE"))
  w:expect("200 BYE")
end)

scenario("B44: ACKs of unknown dialogs, a thousand of them, are never answered", function(t)
  local alice, w, dialog, leg = peer.talks(t)
  for i = 1, 1000 do
    w:send(alice, { method = "ACK", uri = alice.uri, to_tag = i % 2 == 0 and "none" or nil, headers = { CSeq = "1 ACK" } })
    if i % 50 == 0 then t:sleep("1ms") end
  end
  w:expect_none("*", "2s")
  expect(leg.state):equals("confirmed")
  for _ = 1, 100 do w:send(alice, dialog:ack()) end
  w:expect_none("*", "2s")
  w:send(alice, dialog:request("BYE"))
  w:expect("200 BYE")
end)

scenario("B45: copies of an INVITE, in each state of its transaction", function(t)
  local alice, w, invite, leg = peer.calls(t)
  local function copies() for _ = 1, 3 do w:send(alice, invite) end t:sleep("20ms") end
  leg:ring()                                               -- proceeding: the 180 again for each
  w:expect(180)
  copies()
  expect(#t:messages("alice->>w: 180 INVITE")):equals(4)
  leg:reject(486)                                          -- completed: the 486 again
  local refusal = w:expect("486 INVITE")
  copies()
  expect(#t:messages("alice->>w: 486 INVITE")):equals(4)
  w:send(alice, sip.ack(invite, refusal))                  -- confirmed: silence
  t:sleep("20ms")
  copies()
  expect(#t:messages("alice->>w: 486 INVITE")):equals(4)
  alice:expect_none("INVITE", "100ms")
end)

scenario("B45: copies of an INVITE that was accepted are absorbed", function(t) -- RFC 6026 §7.1
  local alice, w, dialog, leg, invite = peer.talks(t)
  for _ = 1, 5 do w:send(alice, invite) end
  t:sleep("1s")
  expect(#t:messages("alice->>w: 200 INVITE")):equals(1)
  alice:expect_none("INVITE", "100ms")
  w:send(alice, dialog:request("BYE"))
  w:expect("200 BYE")
  expect(leg.ended):equals("remote bye")
end)

scenario("B46: the same request by two paths is processed once", function(t) -- RFC 3261 §8.2.2.2
  local alice, w, invite, leg = peer.calls(t)
  local merged = invite:with { branch = "z9hG4bKelsewhere" }
  w:send(alice, merged)
  w:send(alice, sip.ack(merged, w:expect("482 INVITE")))
  leg:reject(486)
  refused(w, alice, invite, 486)
end)

scenario("B46: seventy times to itself and no further", function(t)
  local caller = t:wire("caller")
  local proxy = t:proxy("proxy", { domain = "example.com", stateless = true,
    routes = { bob = "sip:bob2@example.com", bob2 = "sip:bob@example.com" } })
  caller:send(proxy, { method = "OPTIONS", uri = "sip:bob@example.com" })
  expect(caller:expect("482|483").status):one_of { 482, 483 }
  expect(#t:messages("proxy->>proxy: OPTIONS")):between(1, 70)
end)

scenario("B47: the same branch with another method or sent-by is another transaction", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  local function ask(method, host, call_id)
    return { method = method, uri = alice.uri, headers = { ["Call-ID"] = call_id,
      Via = "SIP/2.0/UDP " .. host .. ";rport;branch=z9hG4bKsame" } }
  end
  w:send(alice, ask("OPTIONS", w.address, "one"))
  expect(w:expect("200 OPTIONS").call_id):equals("one")
  local tx = w:send(alice, ask("MESSAGE", w.address, "two"))
  alice:expect_request("MESSAGE"):respond(200)
  expect(w:expect("200 MESSAGE").call_id):equals("two")
  w:send(alice, ask("OPTIONS", "other.invalid", "three"))
  expect(w:expect("200 OPTIONS").call_id):equals("three")
  w:send(alice, ask("OPTIONS", w.address, "four"))         -- RFC 3261 §17.2.3: a copy of the first, whatever its Call-ID
  t:sleep("20ms")
  expect(#t:messages('alice->>w: 200 OPTIONS [Call-ID = "one"]')):equals(2)
  expect(#t:messages('alice->>w: 200 OPTIONS [Call-ID = "four"]')):equals(0)
  expect(tx.method):equals("MESSAGE")
end)

for late, pattern in pairs { ["-1ms"] = "200", ["0ms"] = "timeout", ["1ms"] = "timeout" } do
  scenario("B48: a response at 64*T1 and " .. late, { net = "sim" }, function(t)
    local alice, w = t:agent("alice"), t:wire("w")
    local tx = alice:options(w)
    local asked = w:expect("OPTIONS")
    w:ignore("OPTIONS")
    t:sleep(32 + tonumber((late:gsub("ms", ""))) / 1000 - t:now() - 0.001)   -- a millisecond is the way back
    w:reply(asked, 200)
    tx:response(pattern)
  end)
end

for text, t1 in pairs { ["1ms"] = 0.001, ["10s"] = 10 } do
  scenario("B48: T1 = " .. text, { net = "sim", timeout = "20m" }, function(t)
    local alice, w = t:agent("alice", { timers = { T1 = text } }), t:wire("w")
    w:ignore("OPTIONS")
    alice:options(w):response("timeout")
    expect(t:now()):equals(64 * t1)
  end)
end

scenario("B48: T1 = 0 is an error that says so", function(t)
  expect(function() t:agent("alice", { timers = { T1 = "0s" } }) end):raises("T1")
end)

scenario("B49: over TCP a transaction waits for no copies", function(t)
  local alice, w = t:agent("alice", { transport = "tcp" }), t:wire("w", { transport = "tcp" })
  local tx = alice:options(w)
  local asked = w:expect("OPTIONS")
  w:reply(asked, 200)
  tx:response(200)
  w:reply(asked, 200)                                      -- Timer K is 0: it belongs to nobody any more
  local call = alice:invite(w)
  local invite = w:expect("INVITE")
  w:reply(invite, 486, { to_tag = "b" })
  w:expect("ACK")
  call:expect(486)
  w:reply(invite, 486, { to_tag = "b" })                   -- Timer D likewise: no second ACK
  w:expect_none("*", "1s")
end)

scenario("B50: two thousand requests that nobody answers all end at 64*T1", { net = "sim" }, function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  w:ignore("OPTIONS")
  local txs = {}
  for i = 1, 2000 do txs[i] = alice:options(w) end
  for i = 1, 2000 do txs[i]:response("timeout") end
  expect(t:now()):equals(32)
end)

for n = 1, 6 do
  scenario("B51: the agent crashes while it sends message " .. n, { net = "sim" }, function(t)
    local alice, bob = t:agents("alice", "bob")
    local sent = 0
    bob:on_send(function()
      sent = sent + 1
      if sent == n then bob:crash() end
    end)
    bob:auto { ring = "10ms", answer = "20ms", bye = "1s" }
    alice:invite(bob)
    t:sleep("40s")
    expect(sent):at_least(n <= 3 and n or 3)
    if sent >= n then bob:restart() end
    bob:on_send(nil)
    alice:options(bob):response(200)
  end)
end

scenario("B51: each message of a call is refused by the network as it is sent", { net = "sim" }, function(t)
  for n = 1, 5 do
    local alice, bob = t:agent("alice" .. n), t:agent("bob" .. n)
    t.net:link("*", "*", { latency = "0ms" })
    local sent = 0
    bob:on_send(function()
      sent = sent + 1
      if sent == n then t.net:refuse(alice) end
    end)
    local call = alice:invite(bob)
    local leg = bob:expect_invite()
    leg:ring()
    leg:answer()
    t:sleep("1s")
    bob:on_send(nil)
    t.net:heal(alice)
    t:sleep("70s")                                         -- copies repair what they can
    expect(leg.state):equals(call.state)
    if call.state == "confirmed" then call:bye():response(200) end
  end
end)
