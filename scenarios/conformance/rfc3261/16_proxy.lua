-- RFC 3261 §16: what a proxy does to a call that goes through it. Bob is a wire, registered with the device, so that
-- every byte that comes out of it can be looked at.
local device = require("_device")
local proxied = require("_proxied")
local registered, contact, between = proxied.registered, proxied.contact, proxied.between
local request, invites = proxied.request, proxied.invites
local refused, forked = proxied.refused, proxied.forked

group("proxy", { needs = { "proxy" }, tags = { "proxy" } }, function()
  for _, pair in ipairs { { "udp", "udp" }, { "tcp", "udp" }, { "udp", "tcp" }, { "tcp", "tcp" } } do
    scenario("a call from " .. pair[1] .. " to " .. pair[2] .. " goes through, and is hung up through it",
      { needs = pair, covers = { "PRX-005", "PRX-029" } }, function(t)
        local alice = t:agent("alice", { transport = pair[1] })
        local bob = t:agent("bob", { transport = pair[2], account = "bob" })
        bob:register(t.dut):wait("registered")
        local call = alice:invite(t.dut:at("bob"))
        local leg = bob:expect_invite()
        leg:ring()
        call:expect(180)
        leg:answer()
        call:wait("confirmed")
        leg:wait("confirmed")
        leg:bye():response(200)
        call:wait("terminated")
        expect(#t:messages("bob->>dut: BYE"), "BYEs through it"):equals(1) -- its Record-Route keeps it on the way
        local byes = t:messages("dut->>alice: BYE")
        expect(#byes, "BYEs out of it"):equals(1)
        expect(byes[1]:header("Route")):is_nil()              -- it has taken its own away
      end)
  end

  scenario("its Via is on top, and gone from the answer", { covers = { "PRX-008", "MAT-003", "PRX-N07" } }, function(t)
    local caller, bob = between(t)
    local sent = caller:send(t.dut, request(t, "OPTIONS"))
    local came = bob:expect("OPTIONS")
    expect(#came.via):equals(2)
    expect(came.via[1].branch):matches("^z9hG4bK.")
    expect(came.via[2].branch):equals(sent.via[1].branch)
    bob:reply(came, 200, { headers = { ["X-Odd"] = "kept" } })
    local answer = caller:expect("200 OPTIONS")
    expect(#answer.via):equals(1)
    expect(answer.via[1].branch):equals(sent.via[1].branch)
    expect(answer:header("X-Odd")):equals("kept")
  end)

  scenario("the Request-URI becomes the Contact, Max-Forwards one less, and nothing else changes",
    { covers = { "MAT-007b", "PRX-009", "PRX-001", "PRX-N01" } }, function(t)
      local caller, bob = between(t)
      local sent = caller:send(t.dut, request(t, "MESSAGE", { body = "hi\r\n\0\255", content_type = "text/plain",
        max_forwards = 17, headers = { ["X-Odd"] = { "one,  two", "three" }, Date = "the day before yesterday" } }))
      local came = bob:expect("MESSAGE")
      bob:reply(came, 200)
      caller:expect("200 MESSAGE")
      expect(tostring(came.uri)):equals(device.at(bob, "bob"))
      expect(came.max_forwards):equals(16)
      expect(came.body):equals(sent.body)
      expect(came:headers("X-Odd")):equals { "one,  two", "three" }
      for _, name in ipairs { "From", "To", "Call-ID", "CSeq", "Date", "Content-Type" } do
        expect(came:header(name), name):equals(sent:header(name))
      end
    end)

  scenario("who has no Max-Forwards gets one", { covers = { "MAT-007c" } }, function(t)
    local caller, bob = between(t)
    caller:send(t.dut, request(t, "OPTIONS", { headers = { ["Max-Forwards"] = false } }))
    local came = bob:expect("OPTIONS")
    bob:reply(came, 200)
    caller:expect("200 OPTIONS")
    expect(came.max_forwards):equals(70)
  end)

  scenario("Max-Forwards 0 is a 483", { covers = { "MAT-007" } }, function(t)
    local caller, bob = between(t)
    caller:send(t.dut, request(t, "MESSAGE", { max_forwards = 0 }))
    caller:expect("483 MESSAGE")
    bob:expect_none("*", "200ms")
  end)

  scenario("a method that nobody knows goes through", { covers = { "PRX-001" } }, function(t)
    local caller, bob = between(t)
    caller:send(t.dut, request(t, "FROBNICATE"))
    bob:reply(bob:expect('"FROBNICATE"'), 200)
    caller:expect(200)
  end)

  scenario("Proxy-Require that nobody knows is a 420", { covers = { "PRX-002" } }, function(t)
    local caller, bob = between(t)
    caller:send(t.dut, request(t, "OPTIONS", { headers = { ["Proxy-Require"] = "nothingSupportsThis" } }))
    expect(caller:expect("420 OPTIONS"):header("Unsupported")):contains("nothingSupportsThis")
    bob:expect_none("*", "200ms")
  end)

  scenario("Require is for the callee", { covers = { "PRX-001" } }, function(t)
    local caller, bob = between(t)
    caller:send(t.dut, request(t, "OPTIONS", { headers = { Require = "foo" } }))
    bob:reply(bob:expect("OPTIONS [Require = foo]"), 200)
    caller:expect("200 OPTIONS")
  end)

  scenario("its Record-Route is on top, with lr", { covers = { "PRX-006", "PRX-006b" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob, { headers = { ["Record-Route"] = "<sip:192.0.2.9;lr>" } })
    expect(#came.record_route, "values of Record-Route"):at_least(2)
    expect(came:header("Record-Route")):contains(";lr")
    expect(came.record_route[1].uri.host):equals(device.host(t.dut))
    expect(came.record_route[#came.record_route].uri.host):equals("192.0.2.9")
    bob:reply(came, 486, { to_tag = "b" })
    refused(t, caller, bob, sent, 486)
  end)

  scenario("a 100 stays, a 180 goes on with its To tag", { covers = { "PRX-011", "PRX-012", "PRX-027" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob)
    bob:reply(came, 100, { headers = { ["X-From"] = "bob" } })
    bob:reply(came, 180, { to_tag = "b", contact = "<" .. bob.uri .. ">" })
    expect(caller:expect("180 INVITE").to.tag):equals("b")
    bob:reply(came, 603, { to_tag = "b" })
    expect(refused(t, caller, bob, sent, 603).to.tag):equals("b")
    for _, trying in ipairs(t:messages("dut->>caller: 100")) do expect(trying:header("X-From")):is_nil() end
  end)

  scenario("a copy of an INVITE goes no further", { covers = { "STI-002" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob)
    bob:reply(came, 180, { to_tag = "b", contact = "<" .. bob.uri .. ">" })
    caller:expect("180 INVITE")
    caller:send(t.dut, sent)
    t:sleep("200ms")
    expect(#t:messages("dut->>bob: INVITE")):equals(1)
    bob:reply(came, 486, { to_tag = "b" })
    refused(t, caller, bob, sent, 486)
  end)

  scenario("each copy of a 200 goes on", { covers = { "CTI-016", "PRX-013", "CTI-015b" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob)
    local ok = bob:reply(came, 200, { to_tag = "b", contact = "<" .. bob.uri .. ">" })
    local answer = caller:expect("200 INVITE")
    bob:send(t.dut, ok)
    t:sleep("200ms")
    expect(#t:messages("dut->>caller: 200 INVITE")):equals(2)
    expect(#t:messages("dut->>bob: ACK")):equals(0)         -- §16.7: the ACK of a 2xx is the caller's
    caller:send(t.dut, sip.dialog(sent, answer):ack())
    bob:expect("ACK")
  end)

  scenario("a CANCEL is answered at once, and goes on", { covers = { "CAN-011", "CAN-003b" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob)
    bob:reply(came, 180, { to_tag = "b", contact = "<" .. bob.uri .. ">" })
    caller:expect("180 INVITE")
    caller:send(t.dut, sip.cancel(sent))
    caller:expect("200 CANCEL")
    local cancel = bob:expect("CANCEL")
    expect(#cancel.via):equals(1)
    expect(cancel.via[1].branch):equals(came.via[1].branch)
    bob:reply(cancel, 200)
    bob:reply(came, 487, { to_tag = "b" })
    refused(t, caller, bob, sent, 487)
  end)

  scenario("a response to nobody goes nowhere", { covers = { "PRX-023", "MAT-011" } }, function(t)
    local caller, bob = between(t)
    caller:send(t.dut, request(t, "OPTIONS"))
    local came = bob:expect("OPTIONS")
    bob:reply(came, 200)
    caller:expect("200 OPTIONS")
    local stray = came:header("Via"):gsub("branch=[^;]*", "branch=z9hG4bKstray")
    local below = device.via(caller) .. ";branch=z9hG4bKx"
    for _, status in ipairs { 180, 200 } do
      bob:send(t.dut, sip.response(came, status, { to_tag = "b", headers = { Via = { stray, below } } }))
    end
    caller:expect_none("*", "300ms")
  end)

  scenario("whom nobody knows is a 404 or a 480", { covers = { "PRX-N02" } }, function(t)
    local caller = t:wire("caller")
    caller:ignore("100")
    caller:send(t.dut, { method = "MESSAGE", uri = t.dut:at("nobody") })
    caller:expect("404|480 MESSAGE")
  end)

  scenario("a scheme that nobody knows is a 416", { covers = { "PRX-026" } }, function(t) -- §16.3: SHOULD
    local caller = t:wire("caller")
    caller:ignore("100")
    caller:send(t.dut, { method = "MESSAGE", uri = "nobodyKnowsThisScheme:bob" })
    caller:expect("416 MESSAGE")
  end)

  scenario("what goes round in a circle comes to an end", { covers = { "MAT-007" } }, function(t)
    local caller = t:wire("caller")
    registered(t, "<" .. t.dut:at("bob") .. ">")            -- who calls bob is sent to bob
    caller:ignore("100")
    caller:send(t.dut, request(t, "MESSAGE"))
    caller:expect("482|483 MESSAGE")
  end)

  scenario("one request by two ways is no mistake", { covers = { "MAT-006" } }, function(t)
    local caller, bob = between(t)
    local id = sip.call_id()
    for _, branch in ipairs { "z9hG4bKone", "z9hG4bKtwo" } do
      caller:send(t.dut, request(t, "MESSAGE", { branch = branch, from_tag = "x", headers = { ["Call-ID"] = id } }))
    end
    bob:reply(bob:expect("MESSAGE"), 200)
    bob:reply(bob:expect("MESSAGE"), 200)
    caller:expect_all { "200 MESSAGE [Via.branch = z9hG4bKone]", "200 MESSAGE [Via.branch = z9hG4bKtwo]" }
  end)

  scenario("a 503 alone becomes a 500", { covers = { "PRX-016" } }, function(t) -- §16.7 item 6: SHOULD
    local caller, bob = between(t)
    caller:send(t.dut, request(t, "MESSAGE"))
    bob:reply(bob:expect("MESSAGE"), 503)
    caller:expect("500 MESSAGE")
  end)
end)

group("proxy", { needs = { "proxy" }, tags = { "proxy", "fork" } }, function()
  scenario("of two phones one answers, the other is cancelled", { covers = { "PRX-017", "PRX-008b" } }, function(t)
    local caller, desk, hall, sent, at_desk, at_hall = forked(t)
    expect(at_desk.via[1].branch):never():equals(at_hall.via[1].branch)
    hall:reply(at_hall, 180, { to_tag = "h", contact = "<" .. hall.uri .. ">" })
    caller:expect("180 INVITE")
    desk:reply(at_desk, 200, { to_tag = "d", contact = "<" .. desk.uri .. ">" })
    local ok = caller:expect("200 INVITE")
    expect(ok.to.tag):equals("d")
    hall:reply(hall:expect("CANCEL"), 200)
    hall:reply(at_hall, 487, { to_tag = "h" })
    hall:expect("ACK")
    caller:send(t.dut, sip.dialog(sent, ok):ack())
    desk:expect("ACK")
  end)

  for _, case in ipairs { { 486, 603, 603, "PRX-014" }, { 302, 486, 302, "PRX-014b" } } do
    local one, other, best, id = table.unpack(case)
    scenario("of " .. one .. " and " .. other .. " the caller hears " .. best, { covers = { id } }, function(t)
      local caller, desk, hall, sent, at_desk, at_hall = forked(t)
      desk:reply(at_desk, one, { to_tag = "d", headers = { Contact = one == 302 and "<sip:x@192.0.2.1>" or nil } })
      hall:reply(at_hall, other, { to_tag = "h" })
      desk:expect("ACK")
      refused(t, caller, hall, sent, best)
    end)
  end

  scenario("both phones answer, and both answers go on", { covers = { "PRX-013" } }, function(t)
    local caller, desk, hall, sent, at_desk, at_hall = forked(t)
    hall:ignore("CANCEL")
    desk:reply(at_desk, 200, { to_tag = "d", contact = "<" .. desk.uri .. ">" })
    hall:reply(at_hall, 200, { to_tag = "h", contact = "<" .. hall.uri .. ">" })
    for _, ok in ipairs(caller:expect_all { "200 INVITE [To.tag = d]", "200 INVITE [To.tag = h]" }) do
      caller:send(t.dut, sip.dialog(sent, ok):ack())
    end
    desk:expect("ACK")
    hall:expect("ACK")
  end)
end)
