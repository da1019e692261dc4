-- Datagrams, connections and names against the rules: B36, B37, B39, B41; scenarios/tests/streams.lua and dns.lua have more.
local peer = require("_peer")

scenario("B36: ten thousand idle connections, and a call all the same", { net = "sim" }, function(t)
  -- net = "sim": a process has no ten thousand descriptors to give.
  local alice, w = t:agent("alice", { transport = "tcp" }), t:wire("w", { transport = "tcp" })
  local first = w:connect(alice)
  for i = 1, 9999 do
    w:connect(alice)
    if i % 100 == 0 then t:sleep("1ms") end
  end
  expect((first:expect_close())):equals("reset")             -- the one that was idle for longest made room
  local bob = t:agent("bob", { transport = "tcp" })
  local call = bob:invite(alice)
  alice:expect_invite():answer()
  call:wait("confirmed")
  call:bye():response(200)
end)

for status, answer in pairs { [200] = "answer", [401] = "reject" } do
  scenario("B37: an RST between INVITE and its " .. status, function(t)
    local alice, w = t:agent("alice", { transport = "tcp" }), t:wire("w", { transport = "tcp" })
    local connection = w:connect(alice)
    w:ignore("100")
    local invite = w:send(alice, { method = "INVITE", uri = alice.uri, sdp = sip.sdp { address = w.address:match("^(.*):%d+$") } })
    local leg = alice:expect_invite()
    connection:reset()
    t:sleep("10ms")
    if status == 200 then leg:answer()
    else leg:reject(401, { headers = { ["WWW-Authenticate"] = sip.challenge { realm = "example.com" } } }) end
    local final = w:expect(status .. " INVITE")               -- by a connection of alice's, to the port in Via
    if status == 401 then w:send(alice, sip.ack(invite, final)) return end
    local dialog = sip.dialog(invite, final)
    w:send(alice, dialog:ack())
    leg:wait("confirmed")
    w:send(alice, dialog:request("BYE"))
    w:expect("200 BYE")
    expect(answer):exists()
  end)
end

scenario("B39: datagrams of no bytes, of one byte, and the largest that there is", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  for _, bytes in ipairs { "", "\0", "x", "\r", "\n", "\r\n\r\n", " " } do w:send(alice, bytes) end
  w:expect_none("*", "100ms")
  local large = sip.request { method = "OPTIONS", uri = alice.uri, body = "", content_type = "text/plain", headers = {
    Via = "SIP/2.0/UDP " .. w.address .. ";rport;branch=z9hG4bKlarge", From = "<" .. w.uri .. ">;tag=1", To = "<" .. alice.uri .. ">",
    ["Call-ID"] = "large" } }
  local room = 65507 - #large.raw - 4                        -- Content-Length has four digits more
  large = large:with { body = ("x"):rep(room) }
  expect(#large.raw):equals(65507)
  w:send(alice, large.raw)
  w:expect("200 OPTIONS")
  w:send(alice, ("y"):rep(65507))
  w:expect_none("*", "100ms")
  peer.alive(t, alice)
end)

scenario("B39: nobody listens there, and says so by ICMP", function(t)
  local alice, bob = t:agents("alice", "bob")
  bob:crash()
  alice:options(bob):response("unreachable|timeout")
  local call = alice:invite(bob)
  call:expect("unreachable|timeout")
  call:wait("terminated")
  bob:restart()
  alice:options(bob):response(200)
end)

scenario("B39: the answer comes from another address", function(t)
  local alice, w, v = t:agent("alice"), t:wire("w"), t:wire("v")
  local call = alice:invite(w)
  local invite = w:expect("INVITE")
  v:send(alice, sip.response(invite, 180, { to_tag = "b", contact = v.uri }))
  call:expect(180)
  v:send(alice, sip.response(invite, 200, { to_tag = "b", contact = v.uri, sdp = sip.sdp { address = v.address:match("^(.*):%d+$") } }))
  v:expect("ACK")                                             -- its Contact counts, not where the INVITE went
  call:wait("confirmed")
  local bye = call:bye()
  v:reply(v:expect("BYE"), 200)
  bye:response(200)
end)

scenario("B41: an address of the other family", function(t)
  local alice, six = t:agent("alice"), t:agent("six", { ipv6 = true })
  expect(function() alice:options("sip:bob@[::1]:5060") end):raises("no address to send this OPTIONS to")
  expect(function() six:invite(alice) end):raises("no address to send this INVITE to")
  t.net:dns { ["six.example.com"] = { aaaa = six } }
  alice:options("sip:six.example.com:5060"):response("unreachable") -- a name has no address for him
end)

scenario("B41: the Contact of a call is of the other family", function(t)
  local alice, w, invite, call = peer.is_called(t)
  w:reply(invite, 200, { to_tag = "b", contact = "<sip:w@[2001:db8::1]>", sdp = sip.sdp { address = w.address:match("^(.*):%d+$") } })
  w:expect("ACK")                                             -- to where the INVITE went
  call:wait("confirmed")
  local bye = call:bye()
  w:reply(w:expect("BYE"), 200)
  bye:response(200)
end)

scenario("B41: who loses his address in the middle of a call comes back with it", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  t.net:blackhole("bob")
  local lost = call:info()
  t:sleep("5s")
  t.net:heal("bob")
  leg:expect_request("INFO"):respond(200)
  lost:response(200)
  call:bye():response(200)
end)

scenario("B41: an answer that may not be kept is asked for each time", { net = "sim" }, function(t)
  local alice, one, two = t:agents("alice", "one", "two")
  for i, there in ipairs { one, two, one } do
    t.net:dns { ["host.example.com"] = { a = there, ttl = "0s" } }
    alice:options("sip:host.example.com:5060"):response(200)
    expect(#t:messages("alice->>" .. there.name .. ": OPTIONS")):equals(i == 3 and 2 or 1)
  end
end)

scenario("B41: a hundred addresses: sixteen are tried, and then it is enough", { net = "sim" }, function(t)
  local alice, list = t:agent("alice"), {}
  for i = 1, 100 do list[i] = "10.9.9." .. i end
  t.net:dns { ["many.example.com"] = { a = list } }
  alice:options("sip:many.example.com:5060"):response("unreachable")
  expect(#t:messages("alice->>*: OPTIONS")):equals(16)
end)
