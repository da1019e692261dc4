-- Replaces, REFER and NOTIFY against the rules, B58 and B59; scenarios/tests/transfer.lua and subscriptions.lua have more.
local peer = require("_peer")

local function talking(t, a, b)
  local call = a:invite(b)
  local leg = b:expect_invite { from = a }
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  return call, leg
end

scenario("B58: Replaces of the very dialog between the two: the new call takes its place", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call, leg = talking(t, alice, bob)
  local new = alice:invite(bob, { replaces = call })
  local other = bob:expect_invite { replaces = leg }
  other:answer()
  new:wait("confirmed")
  call:wait("terminated")
  leg:wait("terminated")
  expect(call.ended):equals("remote bye")
  new:bye():response(200)
end)

scenario("B58: Replaces of an early dialog that it began: that call is cancelled", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call = alice:invite(carol)
  local ringing = carol:expect_invite()
  ringing:ring()
  call:wait("early")
  local d = call.dialog
  local new = bob:invite(alice, { replaces = d.call_id .. ";to-tag=" .. d.local_tag .. ";from-tag=" .. d.remote_tag })
  alice:expect_invite { replaces = call }:answer()
  new:wait("confirmed")
  ringing:wait("terminated")
  expect(ringing.ended):equals("cancelled")
  call:wait("terminated")
end)

scenario("B58: a hundred Replaces in one INVITE", function(t)
  local alice, w, dialog, leg = peer.talks(t)
  local d, rows = leg.dialog, {}
  for i = 1, 100 do rows[i] = d.call_id .. ";to-tag=" .. d.local_tag .. ";from-tag=" .. d.remote_tag end
  local invite = w:send(alice, { method = "INVITE", uri = alice.uri, headers = { Replaces = rows } })
  w:send(alice, sip.ack(invite, w:expect("400 INVITE")))
  expect(leg.state):equals("confirmed")
end)

scenario("B58: a Refer-To in a Refer-To, a hundred deep", function(t)
  local function escaped(text) return (text:gsub("[^%w:.]", function(c) return ("%%%02X"):format(c:byte()) end)) end
  local alice, w = t:agent("alice"), t:wire("w")
  local target = "sip:end"
  for _ = 1, 99 do target = "sip:n?r=" .. escaped("<" .. target .. ">") end
  target = "sip:" .. w.address .. "?r=" .. escaped("<" .. target .. ">")
  w:send(alice, { method = "REFER", uri = alice.uri, headers = { ["Refer-To"] = "<" .. target .. ">" } })
  local asked = alice:expect_refer()
  asked:accept()
  w:expect("200 REFER")
  w:reply(w:expect("NOTIFY"), 200)
  w:ignore("NOTIFY")
  local new = asked:follow()
  local invite = w:expect("INVITE", { skip = true })
  w:reply(invite, 486, { to_tag = "b" })
  w:expect("ACK")
  new:expect(486)
end)

scenario("B58: REFER to oneself", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call, leg = talking(t, alice, bob)
  local transfer = call:refer(bob)
  local asked = leg:expect_refer()
  asked:accept()
  local new = asked:follow()
  local own = bob:expect_invite { from = bob }
  own:answer()
  new:wait("confirmed")
  transfer:expect_notify("200")
  transfer:wait("terminated")
  new:bye():response(200)
  own:wait("terminated")
  expect(call.state):equals("confirmed")
end)

scenario("B58: REFERs in a circle", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call, leg = talking(t, alice, bob)
  for _ = 1, 10 do                                        -- each is sent back to whoever sent him
    local transfer = call:refer(alice)
    local asked = leg:expect_refer()
    asked:accept()
    local back = asked:follow()
    local came = alice:expect_invite { from = bob }
    came:answer()
    back:wait("confirmed")
    came:wait("confirmed")
    transfer:expect_notify("200")
    transfer:wait("terminated")
    call:bye():response(200)
    call, leg = came, back
  end
  call:bye():response(200)
end)

scenario("B58: a REFER to whoever sends it, with Replaces of the call that it comes in", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call, leg = talking(t, alice, bob)
  local transfer = call:refer(alice, { replaces = call })
  local asked = leg:expect_refer()
  asked:accept()
  local new = asked:follow()
  alice:expect_invite { from = bob }:answer()
  new:wait("confirmed")
  leg:wait("terminated")
  call:wait("terminated")
  transfer:expect_notify("200")
  transfer:wait("terminated")
  new:bye():response(200)
end)

-- A transfer that a wire reports of: the agent's subscription, the wire, a NOTIFY with this sipfrag.
local function referred(t, transport)
  local alice, w = t:agent("alice", { transport = transport }), t:wire("w", { transport = transport })
  local transfer = alice:refer(w, "sip:carol@example.com")
  local refer = w:expect("REFER")
  w:reply(refer, 202, { to_tag = "w", contact = w.uri })
  transfer:response(202)
  local number = 0
  local function notify(body, state)
    number = number + 1
    return w:send(alice, { method = "NOTIFY", uri = tostring(refer.contact[1].uri), call_id = refer.call_id,
      from = refer:header("To") .. ";tag=w", to = refer:header("From"), cseq = number .. " NOTIFY", body = body,
      content_type = "message/sipfrag;version=2.0", headers = { Event = "refer", ["Subscription-State"] = state or "active;expires=60" } })
  end
  return alice, w, transfer, notify
end

for name, body in pairs { ["empty"] = "", ["no status line"] = "this is no status line\r\n", ["a request"] = "INVITE sip:a SIP/2.0\r\n",
  ["half a status line"] = "SIP/2.0 2", ["a status of five digits"] = "SIP/2.0 20000 OK\r\n", ["all bytes"] = "SIP/2.0 \0\255\r\n\r\n" } do
  scenario("B59: a sipfrag that is " .. name .. " says nothing of the transfer", function(t)
    local alice, w, transfer, notify = referred(t)
    notify(body)
    w:expect("2xx|4xx NOTIFY")
    expect(transfer.state):one_of { "active", "pending" }
    notify("SIP/2.0 200 OK\r\n", "terminated;reason=noresource")
    w:expect("200 NOTIFY")
    transfer:expect_notify("200")
    transfer:wait("terminated")
  end)
end

scenario("B59: a sipfrag of a megabyte is read, one of a byte more is a 413", function(t)
  local alice, w, transfer, notify = referred(t, "tcp")
  local function megabyte(more)
    local head = "SIP/2.0 200 OK\r\nX-Long: "
    return head .. ("x"):rep(1024 * 1024 - #head - 2 + more) .. "\r\n"
  end
  notify(megabyte(1))
  w:expect("413 NOTIFY")
  expect(transfer.state):equals("waiting")
  notify(megabyte(0), "terminated;reason=noresource")
  w:expect("200 NOTIFY")
  expect(#transfer:expect_notify("200").body):equals(1024 * 1024)
  transfer:wait("terminated")
end)

scenario("B59: a subscription is ended while its NOTIFY is on its way in", { net = "sim" }, function(t) -- CVE-2026-28799
  local alice, bob = t:agents("alice", "bob")
  local watch = alice:subscribe(bob, "presence")
  local sub = bob:expect_subscribe("presence")
  sub:accept()
  watch:wait("active")
  alice:on_receive(function(message)
    if message:is("NOTIFY") then
      alice:on_receive(nil)
      watch:terminate()
    end
  end)
  sub:notify("one")
  watch:wait("terminated")
  sub:wait("terminated")
  peer.alive(t, alice)
end)

scenario("B59: an agent crashes while its NOTIFY is on its way in", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob")
  local watch = alice:subscribe(bob, "presence")
  local sub = bob:expect_subscribe("presence")
  alice:on_receive(function(message) if message:is("NOTIFY") then alice:crash() end end)
  sub:accept()
  sub:wait("terminated", { within = "40s" })
  expect(sub.ended):equals("lost")
  alice:restart()
  alice:on_receive(nil)
  expect(function() watch:refresh() end):raises("")
  peer.alive(t, alice)
end)
