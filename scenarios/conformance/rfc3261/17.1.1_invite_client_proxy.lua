-- RFC 3261 §17.1.1, §16.7, RFC 6026 §8.4: the client transaction of an INVITE that a proxy sends on.
local device = require("_device")
local proxied = require("_proxied")
local between, invites = proxied.between, proxied.invites

-- Bob refuses; the ACKs are there.
local function refused(t, fields)
  local caller, bob = between(t)
  local sent, came = invites(t, caller, bob, fields)
  local refusal = bob:reply(came, 486, { to_tag = "b" })
  local ack = bob:expect("ACK")
  caller:send(t.dut, sip.ack(sent, caller:expect("486 INVITE")))
  return caller, bob, came, refusal, ack
end

group("proxy", { needs = { "proxy" }, tags = { "proxy", "timer" } }, function()
  scenario("an INVITE goes on from T1 on, doubling", { needs = { "udp" }, covers = { "CTI-001", "CTI-N01" } },
  function(t)
    local caller, bob = between(t)
    t:mark("before")
    local sent, came = invites(t, caller, bob)
    t:spawn(function()
      t:sleep("2s")
      bob:reply(came, 486, { to_tag = "b" })
      bob:expect("ACK")
      caller:send(t.dut, sip.ack(sent, caller:expect("486 INVITE")))
    end)
    t:flow([[
      dut->>bob: INVITE x3 @ 0, 500ms, 1.5s
      bob->>dut: 486
      dut->>bob: ACK
    ]], { from = "before", quiet = "2.2s" })
  end)

  scenario("an INVITE that nobody answers is a 408 after 64*T1", { tags = { "long" },
    covers = { "CTI-001", "CTI-003", "CTI-003b", "CTI-003c", "CTI-N01" } }, function(t)
      local caller, bob = between(t)
      local began = t:now()
      local sent = invites(t, caller, bob)
      caller:send(t.dut, sip.ack(sent, caller:expect("408 INVITE", { within = "40s" })))
      expect(t:now() - began):between(31.5, 36)
      expect(#t:messages("dut->>bob: INVITE")):equals(device.times(bob, 7))
      bob:expect_none("*", "2s")                            -- no ACK, no CANCEL
    end)

  scenario("who rings for a minute is waited for", { covers = { "CTI-006b" }, tags = { "long" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob)
    bob:reply(came, 180, { to_tag = "b", contact = proxied.contact(bob) })
    caller:expect("180 INVITE")
    t:sleep("60s")
    bob:reply(came, 200, { to_tag = "b", contact = proxied.contact(bob) })
    caller:send(t.dut, sip.dialog(sent, caller:expect("200 INVITE")):ack())
    bob:expect("ACK")
  end)

  scenario("provisional responses go on in their order", { covers = { "CTI-007" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob)
    bob:reply(came, 100)
    for i, status in ipairs { 180, 183, 180 } do
      bob:reply(came, status, { to_tag = "b", contact = proxied.contact(bob), headers = { ["X-Count"] = tostring(i) } })
      expect(caller:expect(status .. " INVITE"):header("X-Count")):equals(tostring(i))
    end
    bob:reply(came, 486, { to_tag = "b" })
    proxied.refused(t, caller, bob, sent, 486)
  end)

  scenario("the ACK of a refusal is made of the INVITE as it was sent on",
    { covers = { "CTI-008", "CTI-009", "CTI-009b", "CTI-009c", "CTI-010", "CTI-N03" } }, function(t)
      local _, _, came, refusal, ack = refused(t, { headers = { Require = "foo" } })
      expect(tostring(ack.uri)):equals(tostring(came.uri))
      expect(ack.call_id):equals(came.call_id)
      expect(ack:header("From")):equals(came:header("From"))
      expect(ack.to.tag):equals(refusal.to.tag)
      expect(ack:headers("Via")):equals { came:headers("Via")[1] }
      expect(ack.cseq.number):equals(came.cseq.number)
      expect(ack:header("Require")):is_nil()
      expect.soft(ack.body or "", "the body of the ACK"):equals("") -- §17.1.1.3: SHOULD
    end)

  scenario("the ACK of a refusal takes the route of the INVITE", { needs = { "path" }, covers = { "CTI-009d" } },
    function(t)
      local caller, hop = t:wire("caller"), t:wire("hop")
      proxied.registered(t, "<sip:bob@192.0.2.1>", { Path = "<" .. hop.uri .. ";lr>", Supported = "path" })
      local sent, came = invites(t, caller, hop)
      expect(#came:headers("Route")):equals(1)
      hop:reply(came, 486, { to_tag = "b" })
      expect(hop:expect("ACK"):headers("Route")):equals(came:headers("Route"))
      caller:send(t.dut, sip.ack(sent, caller:expect("486 INVITE")))
    end)

  scenario("a copy of a refusal is acknowledged, and goes no further",
    { needs = { "udp" }, covers = { "CTI-011", "CTI-011b" } },
  function(t)
    local caller, bob, _, refusal = refused(t)
    for _ = 1, 3 do bob:send(t.dut, refusal) end
    t:sleep("300ms")
    expect(#t:messages("dut->>bob: ACK")):equals(4)
    expect(#t:messages("dut->>caller: 486 INVITE")):equals(1)
    caller:expect_none("*", "100ms")
  end)

  scenario("another refusal behind the first is acknowledged, and goes no further",
    { needs = { "udp" }, covers = { "CTI-N02" } },
    function(t)
      local caller, bob, came = refused(t)
      bob:reply(came, 500, { to_tag = "b" })
      t:sleep("200ms")
      expect(#t:messages("dut->>bob: ACK")):equals(2)
      bob:ignore("ACK")
      caller:expect_none("*", "200ms")
    end)

  scenario("a refusal is acknowledged for 32 s", { needs = { "udp" }, covers = { "CTI-012" }, tags = { "long" } },
  function(t)
    local _, bob, _, refusal = refused(t)
    t:sleep("31s")
    bob:send(t.dut, refusal)
    t:sleep("200ms")
    expect(#t:messages("dut->>bob: ACK")):equals(2)
  end)

  scenario("whose port is closed is a refusal at once", { needs = { "tcp" }, covers = { "CTI-018" } }, function(t)
    local caller = t:wire("caller")
    proxied.registered(t, "<sip:bob@" .. device.host(caller) .. ":9;transport=tcp>")
    local sent = caller:send(t.dut, proxied.request(t, "INVITE"))
    caller:send(t.dut, sip.ack(sent, caller:expect("4xx|5xx INVITE", { within = "4s" })))
  end)
end)

group("proxy", { needs = { "proxy" }, tags = { "proxy" } }, function()
  scenario("a stray 200 of a call that is up goes nowhere", { covers = { "MAT-011" } }, function(t)
    local caller, bob = between(t)
    local sent, came = invites(t, caller, bob)
    bob:reply(came, 200, { to_tag = "b", contact = proxied.contact(bob) })
    caller:send(t.dut, sip.dialog(sent, caller:expect("200 INVITE")):ack())
    bob:expect("ACK")
    local vias = came:headers("Via")
    vias[1] = vias[1]:gsub("branch=[^;]*", "branch=z9hG4bKstray")
    bob:send(t.dut, sip.response(came, 200, { to_tag = "b", contact = proxied.contact(bob), headers = { Via = vias } }))
    caller:expect_none("*", "300ms")
    device.lives(t)
  end)
end)
