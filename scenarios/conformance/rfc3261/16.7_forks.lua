-- RFC 3261 §16.7: of several answers a proxy makes one. Bob has two phones, or one that says odd things.
local device = require("_device")
local proxy = require("_proxied")
local between, invites, refused, forked = proxy.between, proxy.invites, proxy.refused, proxy.forked

local function challenge(realm) return sip.challenge { realm = realm, nonce = "n-" .. realm } end

group("proxy", { needs = { "proxy" }, tags = { "proxy", "fork" } }, function()
  for _, status in ipairs { 401, 407, 415, 420, 484 } do
    scenario("a " .. status .. " says more than a 404", { covers = { "PRX-014c" } }, function(t) -- item 6: SHOULD
      local caller, desk, hall, sent, at_desk, at_hall = forked(t)
      desk:reply(at_desk, 404, { to_tag = "d" })
      desk:expect("ACK")
      local name = ({ [401] = "WWW-Authenticate", [407] = "Proxy-Authenticate", [420] = "Unsupported" })[status]
      hall:reply(at_hall, status, { to_tag = "h", headers = name and {
        [name] = status == 420 and "foo" or challenge("a") } or nil })
      refused(t, caller, hall, sent, status)
    end)
  end

  scenario("who asks for credentials is heard beside another who does", { covers = { "PRX-015" } }, function(t)
    local caller, desk, hall, sent, at_desk, at_hall = forked(t)
    desk:reply(at_desk, 401, { to_tag = "d", headers = { ["WWW-Authenticate"] = challenge("a") } })
    desk:expect("ACK")
    hall:reply(at_hall, 407, { to_tag = "h", headers = { ["Proxy-Authenticate"] = challenge("b") } })
    local asked = refused(t, caller, hall, sent, "401|407")
    expect(asked:headers("WWW-Authenticate")):equals { challenge("a") }
    expect(asked:headers("Proxy-Authenticate")):equals { challenge("b") }
  end)

  scenario("the challenges of one phone stay in their order", { covers = { "AUT-N04", "PRX-015" } }, function(t)
    local caller, desk, hall, sent, at_desk, at_hall = forked(t)
    local better = sip.challenge { realm = "a", nonce = "n", algorithm = "SHA-256" }
    desk:reply(at_desk, 407, { to_tag = "d", headers = { ["Proxy-Authenticate"] = { better, challenge("a") } } })
    desk:expect("ACK")
    hall:reply(at_hall, 401, { to_tag = "h", headers = { ["WWW-Authenticate"] = challenge("b") } })
    local asked = refused(t, caller, hall, sent, "401|407")
    expect(asked:headers("Proxy-Authenticate")):equals { better, challenge("a") }
    expect(asked:headers("WWW-Authenticate")):equals { challenge("b") }
  end)

  scenario("a 603 ends the ringing of the other, and goes on after that", { covers = { "PRX-017b" } }, function(t)
    local caller, desk, hall, sent, at_desk, at_hall = forked(t)
    hall:reply(at_hall, 180, { to_tag = "h", contact = "<" .. hall.uri .. ">" })
    caller:expect("180 INVITE")
    desk:reply(at_desk, 603, { to_tag = "d" })
    desk:expect("ACK")
    hall:reply(hall:expect("CANCEL"), 200)
    caller:expect_none("603", "200ms")
    hall:reply(at_hall, 487, { to_tag = "h" })
    refused(t, caller, hall, sent, 603)
  end)

  scenario("after a 603 nobody else is called", { covers = { "PRX-N05" } }, function(t)
    local caller, desk, hall, sent, at_desk = forked(t, nil, { ";q=0.9", ";q=0.1" })
    if hall:maybe("INVITE", { within = "300ms" }) then t:skip("it calls all at once") end
    desk:reply(at_desk, 603, { to_tag = "d" })
    refused(t, caller, desk, sent, 603)
    hall:expect_none("*", "1s")
  end)

  scenario("what has no Via but its own is for itself", { covers = { "PRX-018" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob)
    bob:send(t.dut, sip.response(came, 183, { to_tag = "b", headers = { Via = came:headers("Via")[1] } }))
    caller:expect_none("183", "300ms")
    bob:reply(came, 486, { to_tag = "b" })
    refused(t, caller, bob, sent, 486)
  end)

  scenario("the 200 of its own CANCEL is for itself", { covers = { "PRX-018" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob)
    bob:reply(came, 180, { to_tag = "b", contact = "<" .. bob.uri .. ">" })
    caller:expect("180 INVITE")
    caller:send(t.dut, sip.cancel(sent))
    caller:expect("200 CANCEL")
    bob:reply(bob:expect("CANCEL"), 200)
    caller:expect_none("*", "300ms")
    expect(#t:messages("dut->>caller: 200 CANCEL")):equals(1)
    bob:reply(came, 487, { to_tag = "b" })
    refused(t, caller, bob, sent, 487)
  end)
end)

group("proxy", { needs = { "proxy" }, tags = { "proxy", "long" }, timeout = "15m" }, function()
  scenario("who only rings is left alone for three minutes, then cancelled", { covers = { "PRX-019", "PRX-020" } },
    function(t)
      local caller, bob = between(t)
      local sent, came = invites(t, caller, bob)
      bob:reply(came, 180, { to_tag = "b", contact = "<" .. bob.uri .. ">" })
      caller:expect("180 INVITE")
      bob:expect_none("*", "180s")
      local cancel = bob:maybe("CANCEL", { within = "3m" })
      if not cancel then t:skip("it has no such timer, or starts it again") end
      bob:reply(cancel, 200)
      bob:reply(came, 487, { to_tag = "b" })
      refused(t, caller, bob, sent, "408|487")
    end)

  scenario("each sound of ringing begins the three minutes anew", { covers = { "PRX-019b" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob)
    for i = 1, 2 do
      bob:reply(came, 180, { to_tag = "b", contact = "<" .. bob.uri .. ">", headers = { ["X-Count"] = tostring(i) } })
      caller:expect("180 INVITE")
      bob:expect_none("*", i == 1 and "170s" or "180s")
    end
    bob:reply(came, 486, { to_tag = "b" })
    refused(t, caller, bob, sent, 486)
  end)

  scenario("of whom nothing is heard is a 408", { covers = { "PRX-020b" } }, function(t)
    local caller, bob = between(t)
    local sent = invites(t, caller, bob)
    local since = t:now()
    caller:send(t.dut, sip.ack(sent, caller:expect("408 INVITE", { within = "34s" })))
    expect(t:now() - since):between(31, 34)
    bob:expect_none("CANCEL", "1s")
  end)

  scenario("a CANCEL goes to each phone that has been heard, a 100 will do", { covers = { "CAN-011b" } }, function(t)
    local caller, desk, hall, sent, at_desk, at_hall = forked(t)
    desk:reply(at_desk, 180, { to_tag = "d", contact = "<" .. desk.uri .. ">" })
    hall:reply(at_hall, 100)
    caller:expect("180 INVITE")
    caller:send(t.dut, sip.cancel(sent))
    caller:expect("200 CANCEL")
    for _, pair in ipairs { { desk, at_desk }, { hall, at_hall } } do
      local phone, came = table.unpack(pair)
      local cancel = phone:expect("CANCEL")
      expect(cancel.via[1].branch):equals(came.via[1].branch)
      expect(tostring(cancel.uri)):equals(tostring(came.uri))
      phone:reply(cancel, 200)
      phone:reply(came, 487, { to_tag = phone.name })
    end
    desk:expect("ACK")
    refused(t, caller, hall, sent, 487)
  end)

  scenario("who has not been heard yet is not told of a CANCEL", { covers = { "CAN-011c" } }, function(t)
    local caller, desk, hall, sent, at_desk, at_hall = forked(t)
    desk:reply(at_desk, 180, { to_tag = "d", contact = "<" .. desk.uri .. ">" })
    caller:expect("180 INVITE")
    caller:send(t.dut, sip.cancel(sent))
    caller:expect("200 CANCEL")
    desk:reply(desk:expect("CANCEL"), 200)
    desk:reply(at_desk, 487, { to_tag = "d" })
    desk:expect("ACK")
    hall:ignore("INVITE")
    hall:expect_none("CANCEL", "5s")
    hall:reply(at_hall, 180, { to_tag = "h", contact = "<" .. hall.uri .. ">" })
    caller:ignore("180 INVITE")
    local cancel = hall:maybe("CANCEL", { within = "1s" })
    if cancel then hall:reply(cancel, 200) end
    hall:reply(at_hall, 487, { to_tag = "h" })
    refused(t, caller, hall, sent, 487)
  end)
end)
