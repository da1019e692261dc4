-- RFC 4320 §4, RFC 3261 §17.2.2: what a proxy says, and does not say, to a request that is no INVITE.
local proxied = require("_proxied")

-- A MESSAGE as the caller sent it, and as it came to bob; the flow begins with it.
local function asked(t, transport)
  local caller, bob = t:wire("caller", { transport = transport }), t:wire("bob")
  proxied.registered(t, proxied.contact(bob))
  t:mark("before")
  local sent = caller:send(t.dut, proxied.request(t, "MESSAGE"))
  return caller, bob, sent, bob:expect("MESSAGE")
end

local function tried(t) return t:messages("dut->>caller: 100 MESSAGE") end
local function answers(t) return #t:messages("dut->>caller: 1xx|2xx|3xx|4xx|5xx|6xx MESSAGE") end

group("proxy", { needs = { "proxy" }, tags = { "proxy", "timer" } }, function()
  scenario("a MESSAGE that takes long is a 100, not before 3.5 s", { covers = { "STN-006", "STN-007" } }, function(t)
    local caller, bob, sent, came = asked(t)
    for _, wait in ipairs { "500ms", "1s", "1.8s" } do
      t:sleep(wait)
      caller:send(t.dut, sent)
    end
    expect(answers(t), "answers before 3.5 s"):equals(0)
    t:sleep("700ms")
    expect(#tried(t), "100s behind 3.5 s"):equals(1)
    bob:reply(came, 200)
    caller:expect("200 MESSAGE")
  end)

  scenario("over TCP it is a 100 by then, too", { needs = { "tcp" }, covers = { "STN-007" } }, function(t)
    local caller, bob, _, came = asked(t, "tcp")
    t:sleep("4s")
    expect(#tried(t), "100s behind 3.5 s"):equals(1)
    bob:reply(came, 200)
    caller:expect("200 MESSAGE")
  end)

  scenario("a copy behind the 100 gets it again", { covers = { "STN-007", "STN-N01" } }, function(t)
    local caller, bob, sent, came = asked(t)
    t:sleep("4s")
    expect(#tried(t), "100s behind 3.5 s"):equals(1)
    for _ = 1, 2 do
      caller:send(t.dut, sent)
      t:sleep("300ms")
    end
    local said = tried(t)
    expect(#said):equals(3)
    expect(said[3].raw):equals(said[1].raw)
    bob:reply(came, 200)
    caller:expect("200 MESSAGE")
  end)

  scenario("a copy before the 100 goes no further", { covers = { "STN-001" } }, function(t)
    local caller, bob, sent, came = asked(t)
    caller:send(t.dut, sent)
    t:sleep("300ms")
    expect(#t:messages("dut->>bob: MESSAGE")):equals(1)
    expect(answers(t)):equals(0)
    bob:reply(came, 200)
    caller:expect("200 MESSAGE")
  end)

  scenario("a copy behind the answer gets it again", { needs = { "udp" }, covers = { "STN-002" } }, function(t)
    local caller, bob, sent, came = asked(t)
    bob:reply(came, 200)
    caller:expect("200 MESSAGE")
    caller:send(t.dut, sent)
    t:sleep("300ms")
    expect(answers(t)):equals(2)
    bob:expect_none("*", "100ms")
  end)

  scenario("no MESSAGE rings", { covers = { "STN-005" } }, function(t)
    local caller, bob, _, came = asked(t)
    bob:reply(came, 180, { to_tag = "b" })
    caller:expect_none("*", "300ms")
    bob:reply(came, 200, { to_tag = "b" })
    caller:expect("200 MESSAGE")
  end)

  scenario("a MESSAGE that nobody answers is left without a 408, and so it stays",
    { covers = { "STN-008", "STN-009" }, tags = { "long" } }, function(t)
      local caller, bob, _, came = asked(t)
      t:sleep("40s")
      bob:reply(came, 200)
      caller:expect_none("*", "5s")
    end)
end)
