-- RFC 3261 §17.1.2, §17.1.3: the client transaction of all but INVITE, by the BYE of a user agent that hangs up.
local device = require("_device")

-- The device has called this wire, and hangs up: the BYE, and the flow begins with it.
local function hangs_up(t, w)
  device.taken(w, device.calls(t, w))
  w:expect("ACK")
  t:sleep("100ms")
  t:mark("talk")
  local bye
  local task = t:spawn(function() bye = w:expect("BYE") end)
  t.dut:trigger("hangup")
  t:all(task)
  return bye
end

-- It says the BYE again from T1 on in spite of what `tried` sends, and no more when the right answer is there.
local function goes_on(t, tried)
  local w = t:wire("w")
  local bye = hangs_up(t, w)
  t:sleep("100ms")
  tried(w, bye)
  t:sleep("600ms")
  expect(#t:messages("dut->>w: BYE"), "BYEs behind it"):equals(2)
  w:reply(bye, 200)
end

group("uac", { needs = { "uac", "trigger:call", "trigger:hangup" }, tags = { "uac", "timer" } }, function()
  for _, status in ipairs { 200, 404 } do
    scenario("a BYE is said again from T1 on, doubling, until a " .. status,
      { needs = { "udp" }, covers = { "CTN-001", "CTN-N01", "CTI-N01" } }, function(t)
        local w = t:wire("w")
        local bye = hangs_up(t, w)
        t:spawn(function()
          t:sleep("2s")
          w:reply(bye, status)
        end)
        t:flow([[
          dut->>w: BYE x3 @ 0, 500ms, 1.5s
          w->>dut: 200|404 BYE
        ]], { from = "talk", quiet = "2.2s" })
      end)
  end

  scenario("a BYE that nobody answers is given up after 64*T1",
    { covers = { "CTN-001b", "CTN-003" }, tags = { "long" } }, function(t)
      local w = t:wire("w")
      hangs_up(t, w)
      device.unanswered(t, w, "dut->>w: BYE",
        "x11 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 11.5s, 15.5s, 19.5s, 23.5s, 27.5s, 31.5s", { from = "talk", within = "70s" })
    end)

  scenario("behind a 100 a BYE is said again each T2, but not for longer",
    { needs = { "udp" }, covers = { "CTN-002", "CTN-003b" }, tags = { "long" } }, function(t)
      local w = t:wire("w")
      local bye = hangs_up(t, w)
      t:sleep("200ms")
      w:reply(bye, 100)
      t:sleep("40s")
      local sent = t:messages("dut->>w: BYE")
      local late = sent[#sent].time - sent[1].time
      for i = 3, #sent do expect(sent[i].time - sent[i - 1].time, "gap " .. i - 1):between(3.7, 4.3) end
      expect(#sent):one_of { 8, 9 }                         -- E goes on, or begins again at the 100
      expect(late):between(24, 32.2)
    end)

  scenario("over TCP a BYE is sent once", { needs = { "tcp" }, covers = { "CTN-004" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    local bye = hangs_up(t, w)
    t:flow("dut->>w: BYE x1", { from = "talk", quiet = "4s" })
    t:mark("silent")
    w:reply(bye, 200)
  end)

  for _, transport in ipairs { "udp", "tcp" } do
    scenario("copies of the answer over " .. transport .. " do no harm", { needs = { transport },
      covers = { "CTN-005" } }, function(t)
        local w = t:wire("w", { transport = transport })
        local ok = w:reply(hangs_up(t, w), 200)
        for _, wait in ipairs { "1s", "3s", "2s" } do
          t:sleep(wait)
          w:send(t.dut, ok)
        end
        w:expect_none("*", "300ms")
        expect(#t:messages("dut->>w: BYE")):equals(1)
      end)
  end

  scenario("an answer to another method is passed over", { needs = { "udp" }, covers = { "CTN-006" } }, function(t)
    goes_on(t, function(w, bye)
      w:send(t.dut, sip.response(bye, 200, { headers = { CSeq = bye.cseq.number .. " INVITE" } }))
    end)
  end)

  -- §8.1.3.3: SHOULD; the monitor takes it for an answer
  scenario("an answer with two Vias is passed over",
    { needs = { "udp" }, covers = { "CTN-007" }, allow = { "CTN-N01" } }, function(t)
    goes_on(t, function(w, bye)
      local below = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKbelow"
      w:send(t.dut, sip.response(bye, 200, { headers = { Via = { bye:header("Via"), below } } }))
    end)
  end)

  scenario("an answer with another host in its Via is passed over", { needs = { "udp" }, covers = { "CTN-008" } },
  function(t)
    goes_on(t, function(w, bye)
      local via = bye:header("Via"):gsub("^(%S+%s+)[^;]*", "%1other.example.com")
      w:send(t.dut, sip.response(bye, 200, { headers = { Via = via } }))
    end)
  end)

  scenario("who asks for a password after 64*T1 is too late", { needs = { "digest" }, covers = { "CTN-010" },
    tags = { "long" } }, function(t)
      local w = t:wire("w")
      local bye = hangs_up(t, w)
      t:sleep("40s")
      w:reply(bye, 401, { headers = { ["WWW-Authenticate"] = sip.challenge { realm = "example.com", nonce = "abc" } } })
      w:expect_none("*", "1s")
      device.lives(t)
    end)
end)
