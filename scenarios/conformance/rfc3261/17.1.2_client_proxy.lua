-- RFC 3261 §17.1.2: the client transaction of a MESSAGE that a proxy sends on.
local device = require("_device")
local proxied = require("_proxied")

-- The MESSAGE of a caller as it came to bob.
local function asked(t)
  local caller, bob = proxied.between(t)
  t:mark("before")
  caller:send(t.dut, proxied.request(t, "MESSAGE"))
  return caller, bob, bob:expect("MESSAGE")
end

group("proxy", { needs = { "proxy" }, tags = { "proxy", "timer" } }, function()
  scenario("a MESSAGE goes on from T1 on, doubling, until the answer",
    { needs = { "udp" }, covers = { "CTN-001", "CTN-N01", "CTI-N01" } },
    function(t)
      local caller, bob, came = asked(t)
      t:spawn(function()
        t:sleep("2s")
        bob:reply(came, 404)
        caller:expect("404 MESSAGE")
      end)
      t:flow([[
        dut->>bob: MESSAGE x3 @ 0, 500ms, 1.5s
        bob->>dut: 404
      ]], { from = "before", quiet = "2.2s" })
    end)

  scenario("a MESSAGE that nobody answers is given up after 64*T1", { covers = { "CTN-001b", "CTN-003" },
    tags = { "long" } }, function(t)
      local _, bob = asked(t)
      device.unanswered(t, bob, "dut->>bob: MESSAGE",
        "x11 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 11.5s, 15.5s, 19.5s, 23.5s, 27.5s, 31.5s",
          { from = "before", within = "70s" })
    end)

  scenario("a 100 makes it wait no longer", { needs = { "udp" }, covers = { "CTN-003b" }, tags = { "long" } },
  function(t)
    local _, bob, came = asked(t)
    t:sleep("5s")
    bob:reply(came, 100)
    t:sleep("40s")
    local sent = t:messages("dut->>bob: MESSAGE")
    expect(sent[#sent].time - sent[1].time):between(24, 32.2)
  end)

  for _, transport in ipairs { "udp", "tcp" } do
    scenario("copies of the answer over " .. transport .. " go no further", { needs = { transport },
      covers = { "CTN-005" } }, function(t)
        local caller, bob = t:wire("caller"), t:wire("bob", { transport = transport })
        proxied.registered(t, "<sip:bob@" .. bob.address .. ";transport=" .. transport .. ">")
        caller:send(t.dut, proxied.request(t, "MESSAGE"))
        local ok = bob:reply(bob:expect("MESSAGE"), 200)
        caller:expect("200 MESSAGE")
        for _, wait in ipairs { "1s", "3s", "2s" } do
          t:sleep(wait)
          bob:send(t.dut, ok)
        end
        t:sleep("300ms")
        expect(#t:messages("dut->>caller: 200 MESSAGE")):equals(1)
      end)
  end

  scenario("an answer to another method is passed over", { covers = { "CTN-006" } }, function(t)
    local caller, bob, came = asked(t)
    bob:send(t.dut, sip.response(came, 200, { headers = { CSeq = came.cseq.number .. " OPTIONS" } }))
    caller:expect_none("*", "300ms")
    bob:reply(came, 200)
    caller:expect("200 MESSAGE")
  end)

  scenario("over TCP a MESSAGE goes on once", { needs = { "tcp" }, covers = { "CTN-004" } }, function(t)
    local caller, bob = t:wire("caller"), t:wire("bob", { transport = "tcp" })
    proxied.registered(t, "<sip:bob@" .. bob.address .. ";transport=tcp>")
    caller:ignore("100")
    caller:send(t.dut, proxied.request(t, "MESSAGE"))
    local came = bob:expect("MESSAGE")
    t:sleep("4s")
    expect(#t:messages("dut->>bob: MESSAGE")):equals(1)
    bob:reply(came, 200)
    caller:expect("200 MESSAGE")
  end)
end)
