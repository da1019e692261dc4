-- RFC 6026 §7.2, §7.3: a proxy sends on each 2xx for 64*T1 (Timer M) behind the first, and none after that.
local proxied = require("_proxied")

-- Bob takes the call; the ACK is there.
local function taken(t)
  local caller, bob = proxied.between(t)
  local sent, came = proxied.invites(t, caller, bob)
  local ok = bob:reply(came, 200, { to_tag = "b", contact = proxied.contact(bob) })
  caller:send(t.dut, sip.dialog(sent, caller:expect("200 INVITE")):ack())
  bob:expect("ACK")
  return caller, bob, came, ok
end

group("proxy", { needs = { "proxy" }, tags = { "proxy", "timer", "long" } }, function()
  scenario("a copy of a 200 goes on half a minute later, too", { covers = { "CTI-016" } }, function(t)
    local caller, bob, _, ok = taken(t)
    t:sleep("30s")
    bob:send(t.dut, ok)
    t:sleep("200ms")
    expect(#t:messages("dut->>caller: 200 INVITE")):equals(2)
  end)

  scenario("another 200 goes on half a minute later, too", { covers = { "CTI-014" } }, function(t)
    local caller, bob, came = taken(t)
    t:sleep("30s")
    bob:reply(came, 200, { to_tag = "other", contact = proxied.contact(bob) })
    expect(caller:expect("200 INVITE").to.tag):equals("other")
  end)

  scenario("a 200 after 64*T1 goes nowhere", { covers = { "CTI-016b", "CTI-017" } }, function(t)
    local caller, bob, came, ok = taken(t)
    t:sleep("40s")
    bob:send(t.dut, ok)
    bob:reply(came, 180, { to_tag = "b", contact = proxied.contact(bob) })
    t:sleep("300ms")
    expect(#t:messages("dut->>caller: 200 INVITE")):equals(1)
    caller:expect_none("*", "100ms")
  end)
end)
