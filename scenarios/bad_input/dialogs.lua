-- Dialogs against the rules, B52 to B57: numbers, forks, routes and Contacts that no good peer would send.
local peer = require("_peer")

local function host(w) return w.address:match("^(.*):%d+$") end

scenario("B52: numbers that go back, stand still, jump and wrap", function(t)
  local alice, w, dialog, leg = peer.talks(t)
  local function info(number)
    w:send(alice, dialog:request("INFO", { cseq = number }))
  end
  local function taken(number)
    info(number)
    leg:expect_request("INFO [CSeq.number = " .. number .. "]"):respond(200)
    expect(w:expect("200 INFO").cseq.number):equals(number)
  end
  local function refused(number)
    info(number)
    expect(w:expect("500 INFO").cseq.number):equals(number) -- RFC 3261 §12.2.2
  end
  taken(100)
  refused(99)
  taken(101)
  taken(2147483647)
  refused(0)
  refused(1)
  expect(leg.dialog.remote_seq):equals(2147483647)
  expect(leg.state):equals("confirmed")
end)

scenario("B52: the same number in another transaction is a request of its own", function(t)
  local alice, w, dialog, leg = peer.talks(t)
  for _, branch in ipairs { "z9hG4bKone", "z9hG4bKtwo" } do -- RFC 3261 §12.2.2: only a lower one is out of order
    w:send(alice, dialog:request("INFO", { cseq = 7, branch = branch }))
    leg:expect_request("INFO"):respond(200)
    expect(w:expect("200 INFO").via[1].branch):equals(branch)
  end
  expect(leg.dialog.remote_seq):equals(7)
end)

for _, count in ipairs { 0, 1, 2, 100 } do
  scenario("B53: " .. count .. " tags ring, and a 486 ends them all", function(t)
    local alice, w, invite, call = peer.is_called(t)
    for i = 1, count do
      w:reply(invite, i % 2 == 0 and 180 or 183, { to_tag = "t" .. i, contact = w.uri })
    end
    t:sleep("20ms")
    expect(#call:forks()):equals(count)
    w:reply(invite, 486, { to_tag = "end" })
    w:expect("ACK")
    call:expect(486)
    for _, leg in ipairs(call:forks()) do expect(leg.state):equals("terminated") end
    w:expect_none("*", "1s")
  end)
end

scenario("B53: a hundred tags answer: each 200 is acknowledged, all but the first are ended", function(t)
  local alice, w, invite, call = peer.is_called(t)
  local sdp = sip.sdp { address = host(w) }
  local ended = {}
  for i = 1, 100 do
    w:reply(invite, 200, { to_tag = "t" .. i, contact = w.uri, sdp = sdp })
    expect(w:expect("ACK").to.tag):equals("t" .. i)
    if i > 1 then
      local bye = w:expect("BYE")
      expect(bye.to.tag):equals("t" .. i)
      ended[i] = bye
    end
  end
  for i = 2, 100 do w:reply(ended[i], 200) end
  call:wait("confirmed")
  t:sleep("20ms")
  local up = 0
  for _, leg in ipairs(call:forks()) do up = up + (leg.state == "confirmed" and 1 or 0) end
  expect(up):equals(1)
  local bye = call:bye()
  local last = w:expect("BYE")
  expect(last.to.tag):equals("t1")
  w:reply(last, 200)
  bye:response(200)
end)

scenario("B54: the route of the 200 takes the place of that of the 183", function(t)
  local alice, w, invite, call = peer.is_called(t)
  local function route(name) return "<sip:" .. name .. "@" .. w.address .. ";lr>" end
  w:reply(invite, 183, { to_tag = "b", contact = w.uri, headers = { ["Record-Route"] = route("one") } })
  call:expect(183)
  expect(call.dialog.route_set):equals { route("one") }
  w:reply(invite, 200, { to_tag = "b", contact = w.uri, sdp = sip.sdp { address = host(w) },
                         headers = { ["Record-Route"] = { route("three"), route("two") } } })
  expect(w:expect("ACK"):headers("Route")):equals { route("two"), route("three") } -- RFC 3261 §13.2.2.4
  local bye = call:bye()
  local asked = w:expect("BYE")
  expect(asked:headers("Route")):equals { route("two"), route("three") }
  w:reply(asked, 200)
  bye:response(200)
end)

scenario("B55: a BYE before the ACK ends the call, the ACK after it does no harm", function(t)
  local alice, w, invite, leg = peer.calls(t)
  leg:answer()
  local dialog = sip.dialog(invite, w:expect("200 INVITE"))
  w:send(alice, dialog:request("BYE"))
  w:expect("200 BYE")
  leg:wait("terminated")
  expect(leg.ended):equals("remote bye")
  w:send(alice, dialog:ack())
  w:expect_none("*", "40s")                                 -- no copies of the 200 either
end)

scenario("B55: re-INVITEs that cross are both a 491, and the call goes on", function(t)
  local alice, w, dialog, leg = peer.talks(t)
  local ours = leg:reinvite()
  local asked = w:expect("INVITE")
  local theirs = w:send(alice, dialog:request("INVITE", { sdp = sip.sdp { address = host(w) } }))
  local refusal = w:expect("491 INVITE")
  w:send(alice, sip.ack(theirs, refusal))
  w:reply(asked, 491)
  w:expect("ACK")
  ours:response(491)
  expect(leg.state):equals("confirmed")
end)

scenario("B55: a re-INVITE after our BYE is a 481", function(t) -- CVE-2021-31878
  local alice, w, dialog, leg = peer.talks(t)
  local bye = leg:bye()
  local asked = w:expect("BYE")
  local late = w:send(alice, dialog:request("INVITE", { sdp = sip.sdp { address = host(w) } }))
  local refusal = w:expect("481 INVITE")
  w:send(alice, sip.ack(late, refusal))
  w:reply(asked, 200)
  bye:response(200)
  late = w:send(alice, dialog:request("INVITE", { sdp = sip.sdp { address = host(w) } }))
  w:send(alice, sip.ack(late, w:expect("481 INVITE")))
end)

for name, contact in pairs {
  ["missing"] = false, ["two values"] = { "<sip:one@%s>", "<sip:two@192.0.2.2>" }, ["tel:"] = "<tel:+123>", ["sips:"] = "<sips:x@%s>",
} do
  scenario("B56: the Contact of a 200 is " .. name .. ": ACK and BYE go out all the same", function(t)
    local alice, w, invite, call = peer.is_called(t)
    local function at(text) return (text:gsub("%%s", w.address)) end
    if type(contact) == "table" then contact = { at(contact[1]), contact[2] } end
    if type(contact) == "string" then contact = at(contact) end
    w:reply(invite, 200, { to_tag = "b", sdp = sip.sdp { address = host(w) }, headers = { Contact = contact } })
    w:expect("ACK")
    call:wait("confirmed")
    local bye = call:bye()
    w:reply(w:expect("BYE"), 200)
    bye:response(200)
  end)
end

for name, contact in pairs { ["a star"] = "*", ["no address"] = "<>", ["a user without a host"] = "<sip:x@>" } do
  scenario("B56: the Contact of a 200 is " .. name .. ": it is no response", function(t)
    local alice, w, invite, call = peer.is_called(t)
    w:reply(invite, 200, { to_tag = "b", sdp = sip.sdp { address = host(w) }, headers = { Contact = contact } })
    w:expect_none("ACK", "100ms")
    expect(call.state):equals("calling")
    w:reply(invite, 486, { to_tag = "b" })
    w:expect("ACK")
    call:expect(486)
  end)
end

scenario("B56: a Contact that is the caller himself: he is asked, and knows no such dialog", function(t)
  local alice, w, invite, call = peer.is_called(t)
  w:reply(invite, 200, { to_tag = "b", sdp = sip.sdp { address = host(w) }, headers = { Contact = "<" .. alice.uri .. ">" } })
  t:sleep("100ms")
  expect(#t:messages("alice->>alice: ACK")):equals(1)
  call:bye():response(481)
  call:wait("terminated")
  peer.alive(t, alice)
end)

scenario("B56: a Contact that is everybody", { net = "sim" }, function(t)
  local alice, w, invite, call = peer.is_called(t)
  w:reply(invite, 200, { to_tag = "b", sdp = sip.sdp { address = host(w) },
                         headers = { Contact = "<sip:x@255.255.255.255>" } })
  t:sleep("100ms")
  call:bye():response("unreachable|timeout")
  call:wait("terminated")
  peer.alive(t, alice)
end)

for name, row in pairs { ["missing"] = { false, 486 }, ["two values"] = { "<sip:a@192.0.2.1>, <sip:b@192.0.2.2>", 486 },
  ["tel:"] = { "<tel:+123>", 486 }, ["a star"] = { "*", 400 }, ["no address"] = { "<>", 400 } } do
  scenario("B56: the Contact of an INVITE is " .. name, function(t)
    local alice, w = t:agent("alice"), t:wire("w")
    w:ignore("100")
    local invite = w:send(alice, { method = "INVITE", uri = alice.uri, headers = { Contact = row[1] } })
    if row[2] == 486 then alice:expect_invite():reject(486) end
    w:send(alice, sip.ack(invite, w:expect(row[2] .. " INVITE")))
    peer.alive(t, alice)
  end)
end

-- Where the first request of the dialog goes and what it says, RFC 3261 §12.2.1.1.
for name, row in pairs {
  ["loose"] = { ";lr", "w" }, ["lr=on"] = { ";lr=on", "w" }, ["lr=false"] = { ";lr=false", "w" },
  ["strict"] = { "", "router" },
} do
  scenario("B57: seventy Record-Routes, the first one " .. name, function(t)
    local alice, w, invite, call = peer.is_called(t)
    local routes = {}
    for i = 1, 69 do routes[i] = "<sip:h" .. i .. ".invalid" .. (i % 2 == 0 and ";lr" or "") .. ">" end
    routes[70] = "<sip:router@" .. w.address .. row[1] .. ">"      -- the last one is the first to be asked
    w:reply(invite, 200, { to_tag = "b", contact = w.uri, sdp = sip.sdp { address = host(w) },
                           headers = { ["Record-Route"] = table.concat(routes, ", ") } })
    local ack = w:expect("ACK")
    expect(ack.uri.user):equals(row[2])
    expect(#ack.route):equals(70)
    expect(#call.dialog.route_set):equals(70)
    expect(ack.route[row[1] == "" and 69 or 70].uri.host):equals("h1.invalid")
    if row[1] == "" then expect(ack.route[70].uri.user):equals("w") end
    local bye = call:bye()
    w:reply(w:expect("BYE"), 200)
    bye:response(200)
  end)
end

scenario("B57: maddr says where, whatever the host of the route is", function(t)
  local alice, w, invite, call = peer.is_called(t)
  local ip, port = w.address:match("^(.*):(%d+)$")
  w:reply(invite, 200, { to_tag = "b", contact = "<sip:w@away.invalid>", sdp = sip.sdp { address = ip },
                         headers = { ["Record-Route"] = "<sip:p.invalid:" .. port .. ";maddr=" .. ip .. ";lr>" } })
  expect(w:expect("ACK").uri.host):equals("away.invalid")
  local bye = call:bye()
  w:reply(w:expect("BYE"), 200)
  bye:response(200)
end)
