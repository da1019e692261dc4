-- RFC 3261 §17.2.2: the server transaction of all but INVITE, by the OPTIONS and the BYE that a user agent gets.
local device = require("_device")

local function answers(t, method) return t:messages("dut->>w: 1xx|2xx|4xx|5xx " .. method) end

-- The call that this wire has hung up: the BYE, and its 200.
local function hung_up(t, w)
  local dialog = device.dialog(t, w)
  local bye = w:send(t.dut, dialog:request("BYE"))
  return bye, w:expect("200 BYE")
end

group("uas", { needs = { "uas" }, tags = { "uas", "timer" } }, function()
  scenario("an OPTIONS that comes twice at once is answered as one", { covers = { "STN-001" } }, function(t)
    local w = t:wire("w")
    local asked = w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri })
    w:send(t.dut, asked)
    local first = w:expect("200 OPTIONS")
    t:sleep("300ms")
    for _, answer in ipairs(answers(t, "OPTIONS")) do expect(answer.raw):equals(first.raw) end
  end)

  scenario("an answer is not said again by itself", { covers = { "STN-004", "STN-006" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri })
    w:expect("200 OPTIONS")
    t:sleep("5s")
    expect(#answers(t, "OPTIONS")):equals(1)
  end)

  scenario("over TCP an answer is not said again by itself", { needs = { "tcp" }, covers = { "STN-004" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri })
    w:expect("200 OPTIONS")
    t:sleep("5s")
    expect(#answers(t, "OPTIONS")):equals(1)
  end)

  scenario("whose port was closed gets the answer all the same", { needs = { "udp" }, covers = { "STN-N02" } },
  function(t)
    local w = t:wire("w")
    t.net:refuse("w")
    local asked = w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri })
    t:sleep("300ms")
    t.net:heal("w")
    w:send(t.dut, asked)
    t:sleep("300ms")
    local said = answers(t, "OPTIONS")
    w:ignore("200 OPTIONS")
    expect(#said):at_least(1)
    for _, answer in ipairs(said) do expect(answer.raw):equals(said[1].raw) end
  end)
end)

group("uas", { needs = { "uas", "trigger:answer" }, tags = { "uas", "timer" } }, function()
  scenario("a BYE that comes again within 64*T1 gets its 200 again",
    { needs = { "udp" }, covers = { "STN-002" }, tags = { "long" } },
    function(t)
      local w = t:wire("w")
      local bye, ok = hung_up(t, w)
      for _, wait in ipairs { "1s", "9s", "21s" } do
        t:sleep(wait)
        w:send(t.dut, bye)
      end
      t:sleep("300ms")
      local said = answers(t, "BYE")
      expect(#said):equals(4)
      for _, answer in ipairs(said) do expect(answer.raw):equals(ok.raw) end
    end)

  scenario("a BYE after 64*T1 is another", { covers = { "STN-003" }, tags = { "long" } },
    function(t)
      local w = t:wire("w")
      local bye = hung_up(t, w)
      t:sleep("33s")
      w:send(t.dut, bye)
      w:expect("481 BYE")
    end)

  scenario("over TCP a BYE that comes again is another",
    { needs = { "tcp" }, covers = { "STN-003b" }, allow = { "MON-001" } }, function(t)
      local w = t:wire("w", { transport = "tcp" })
      local bye = hung_up(t, w)
      t:sleep("1s")
      w:send(t.dut, bye)
      w:expect("481 BYE")
    end)
end)
