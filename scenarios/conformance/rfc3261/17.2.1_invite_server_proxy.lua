-- RFC 3261 §17.2.1, §17.2.3: the server transaction of an INVITE that a proxy sends on.
local device = require("_device")
local proxied = require("_proxied")

-- Bob refuses, and the refusal is at the caller.
local function refused(t)
  local caller, bob = proxied.between(t)
  local sent, came = proxied.invites(t, caller, bob)
  t:mark("before")
  bob:reply(came, 486, { to_tag = "b" })
  bob:expect("ACK")
  return caller, sent, caller:expect("486 INVITE"), bob
end

group("proxy", { needs = { "proxy" }, tags = { "proxy", "timer" } }, function()
  scenario("an INVITE that goes on is a 100 within 200 ms", { covers = { "STI-001", "STI-001b" } }, function(t)
    local caller, bob = proxied.between(t)
    t:mark("before")
    local sent, came = proxied.invites(t, caller, bob)
    t:flow("caller->>dut: INVITE\ndut->>caller: 100 @ ..200ms", { from = "before", loose = true })
    for _, trying in ipairs(t:messages("dut->>caller: 100")) do
      expect.soft(trying.to.tag, "the To tag of the 100"):is_nil()
    end
    bob:reply(came, 486, { to_tag = "b" })
    proxied.refused(t, caller, bob, sent, 486)
  end)

  scenario("a refusal is said again from T1 on, doubling, until the ACK is there",
    { needs = { "udp" }, covers = { "STI-004", "STI-008" } }, function(t)
      local caller, sent, refusal = refused(t)
      t:spawn(function()
        t:sleep("2s")
        caller:send(t.dut, sip.ack(sent, refusal))
      end)
      t:flow([[
        dut->>caller: 486 INVITE x3 @ 0, 500ms, 1.5s
        caller->>dut: ACK
      ]], { from = "before", quiet = "2.2s" })
    end)

  scenario("a refusal that is never acknowledged is said for 64*T1",
    { needs = { "udp" }, covers = { "STI-004", "STI-012" },
    tags = { "long" } }, function(t)
      refused(t)
      t:flow("dut->>caller: 486 INVITE x11 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 11.5s, 15.5s, 19.5s, 23.5s, 27.5s, 31.5s",
        { from = "before", within = "70s", quiet = "9s" })
    end)

  scenario("over TCP a refusal is said once", { needs = { "tcp" }, covers = { "STI-005" } }, function(t)
    local caller, bob = t:wire("caller", { transport = "tcp" }), t:wire("bob")
    proxied.registered(t, proxied.contact(bob))
    caller:ignore("100")
    local sent, came = proxied.invites(t, caller, bob)
    bob:reply(came, 486, { to_tag = "b" })
    bob:expect("ACK")
    local refusal = caller:expect("486 INVITE")
    t:sleep("4s")
    expect(#t:messages("dut->>caller: 486 INVITE")):equals(1)
    caller:send(t.dut, sip.ack(sent, refusal))
  end)

  scenario("an INVITE that was refused is refused again at once", { covers = { "STI-007" } }, function(t)
    local caller, sent, refusal = refused(t)
    t:sleep("100ms")
    caller:send(t.dut, sent)
    t:sleep("200ms")
    expect(#t:messages("dut->>caller: 486 INVITE")):equals(2)
    caller:send(t.dut, sip.ack(sent, refusal))
  end)

  scenario("an INVITE 33 s behind its refusal is another", { covers = { "STI-006" }, tags = { "long" } }, function(t)
    local caller, sent, _, bob = refused(t)
    t:sleep("33s")
    caller:send(t.dut, sent)
    bob:reply(bob:expect("INVITE"), 603, { to_tag = "again" })
    proxied.refused(t, caller, bob, sent, 603)
  end)

  scenario("ACKs of a refusal go no further", { needs = { "udp" }, covers = { "STI-008b" } }, function(t)
    local caller, sent, refusal, bob = refused(t)
    local ack = caller:send(t.dut, sip.ack(sent, refusal))
    for _ = 1, 3 do
      t:sleep("1s")
      caller:send(t.dut, ack)
    end
    caller:expect_none("*", "200ms")
    bob:expect_none("*", "200ms")
    device.lives(t)
  end)

  scenario("an INVITE that was refused and acknowledged goes no further", { needs = { "udp" }, covers = { "STI-N02" } },
  function(t)
    local caller, sent, refusal, bob = refused(t)
    caller:send(t.dut, sip.ack(sent, refusal))
    t:sleep("2s")
    caller:send(t.dut, sent)
    bob:expect_none("*", "300ms")
    caller:ignore("486 INVITE")
  end)
end)
