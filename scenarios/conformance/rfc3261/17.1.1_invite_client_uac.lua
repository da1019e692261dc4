-- RFC 3261 §17.1.1, RFC 6026 §8.4: the client transaction of an INVITE, as a user agent calls: timers A, B and D.
local device = require("_device")

-- The device calls this wire, and is refused.
local function refused(t, w, status, opts)
  opts = opts or {}
  opts.to_tag = "w"
  local invite = device.calls(t, w)
  local refusal = w:reply(invite, status or 486, opts)
  return w:expect("ACK"), refusal, invite
end

group("uac", { needs = { "uac", "trigger:call" }, tags = { "uac", "timer" } }, function()
  scenario("over TCP the INVITE is sent once", { needs = { "tcp" }, covers = { "CTI-002" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    local invite = device.calls(t, w)
    t:flow("dut->>w: INVITE x1", { quiet = "4s" })
    t:mark("silent")
    w:reply(invite, 486, { to_tag = "w" })
    w:expect("ACK")
  end)

  for _, transport in ipairs { "udp", "tcp" } do
    scenario("who answers after 64*T1 over " .. transport .. " is too late",
      { needs = { transport }, covers = { "CTI-003", "CTI-003b", "CTI-004" }, tags = { "long" } }, function(t)
        local w = t:wire("w", { transport = transport })
        local invite = device.calls(t, w)
        t:sleep("34s")
        device.taken(w, invite)
        w:expect_none("*", "2s")                            -- no ACK, no CANCEL, no BYE
      end)

    scenario("the ACK of a refusal over " .. transport .. " goes where the INVITE went",
      { needs = { transport }, covers = { "CTI-008", "CTI-008b", "CTI-010" } }, function(t)
        local w, elsewhere = t:wire("w", { transport = transport }), t:wire("elsewhere", { transport = transport })
        local there = "<" .. elsewhere.uri .. ";lr>"
        local ack = refused(t, w, 486, { contact = there, headers = { ["Record-Route"] = there } })
        expect(ack.transport):equals(transport)
        expect.soft(ack.body or "", "the body of the ACK"):equals("") -- §17.1.1.3: SHOULD
        elsewhere:expect_none("*", "200ms")
      end)
  end

  scenario("who rings for a minute is waited for", { covers = { "CTI-006", "CTI-006b" }, tags = { "long" } },
  function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    t:sleep("700ms")
    w:reply(invite, 180, { to_tag = "w", contact = "<" .. w.uri .. ">" })
    t:sleep("59s")
    t:given(function() expect(#t:messages("dut->>w: CANCEL")):equals(0) end) -- a user may have had enough
    device.taken(w, invite)
    w:expect("ACK")
    expect(#t:messages("dut->>w: INVITE")):equals(device.times(w, 2))
  end)

  scenario("one provisional response may follow another", { covers = { "CTI-007" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:reply(invite, 100)
    for _, status in ipairs { 180, 183, 180 } do
      w:reply(invite, status, { to_tag = "w", contact = "<" .. w.uri .. ">" })
    end
    w:expect_none("*", "200ms")
    device.taken(w, invite)
    w:expect("ACK")
  end)

  scenario("another refusal behind the first is acknowledged, too", { needs = { "udp" }, covers = { "CTI-N02" } },
  function(t)
    local w = t:wire("w")
    local _, _, invite = refused(t, w)
    w:reply(invite, 500, { to_tag = "w" })
    t:sleep("200ms")
    expect(#t:messages("dut->>w: ACK")):equals(2)
    w:ignore("ACK")
  end)

  scenario("a copy of the challenge makes no second try", { needs = { "udp", "digest" }, covers = { "CTI-011b" } },
  function(t)
    local w = t:wire("w")
    local challenge = sip.challenge { realm = "example.com", nonce = "abc" }
    local _, refusal = refused(t, w, 401, { headers = { ["WWW-Authenticate"] = challenge } })
    local again = w:expect("INVITE")
    w:send(t.dut, refusal)
    w:expect_none("INVITE", "300ms")
    expect(#t:messages("dut->>w: ACK")):equals(2)
    w:reply(again, 486, { to_tag = "w2" })
    w:expect("ACK")
  end)

  scenario("a refusal is acknowledged for 32 s",
    { needs = { "udp" }, covers = { "CTI-011", "CTI-012" }, tags = { "long" } }, function(t)
    local w = t:wire("w")
    local _, refusal = refused(t, w)
    t:sleep("31s")
    w:send(t.dut, refusal)
    t:sleep("200ms")
    expect(#t:messages("dut->>w: ACK")):equals(2)
  end)

  scenario("over TCP what comes behind a refusal is nobody's", { needs = { "tcp" }, covers = { "CTI-013", "CTI-017" } },
    function(t)
      local w = t:wire("w", { transport = "tcp" })
      local _, refusal, invite = refused(t, w)
      t:sleep("1s")
      w:send(t.dut, refusal)
      w:reply(invite, 180, { to_tag = "w", contact = "<" .. w.uri .. ">" })
      t:sleep("300ms")
      expect(#t:messages("dut->>w: *")):equals(2)           -- the INVITE and its ACK
    end)
end)
