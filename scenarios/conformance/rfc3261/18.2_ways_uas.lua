-- RFC 3261 §18.2, §18.3: the rarer ways of an answer, large messages, and lengths that cannot be.
local device = require("_device")

local function options(t, fields)
  local draft = { method = "OPTIONS", uri = t.dut.uri }
  for name, value in pairs(fields or {}) do draft[name] = value end
  return draft
end

-- So many octets of header fields that nobody knows.
local function padding(octets)
  local rows = {}
  for i = 1, octets // 1000 do rows[i] = ("x"):rep(986) end
  return { ["X-Padding"] = rows }
end

group("uas", { needs = { "uas" }, tags = { "uas", "transport" } }, function()
  scenario("UDP and TCP are both there, at one port", { needs = { "udp", "tcp" }, covers = { "TRP-001", "TRP-N01" } },
    function(t)
      for _, transport in ipairs { "udp", "tcp" } do
        local w = t:wire("by_" .. transport, { transport = transport })
        w:send("sip:" .. t.dut.address .. ";transport=" .. transport, options(t))
        w:expect("200 OPTIONS")
      end
    end)

  scenario("60 kB in a datagram are answered", { covers = { "TRP-004" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, options(t))
    w:expect("200 OPTIONS")
    w:send(t.dut, options(t, { headers = padding(60000) }))
    w:expect("200|513 OPTIONS")
  end)

  scenario("65 kB by TCP are answered, and so is what follows", { needs = { "tcp" }, covers = { "TRP-004b" } },
    function(t)
      local w = t:wire("w", { transport = "tcp" })
      w:send(t.dut, options(t, { headers = padding(65000) }))
      w:expect("200|413|513 OPTIONS")
      w:send(t.dut, options(t))
      w:expect("200 OPTIONS")
    end)

  scenario("maddr comes before received and rport", { covers = { "TRP-012" } }, function(t)
    local w, other = t:wire("w"), t:wire("other_side")
    w:send(t.dut, options(t, { headers = { Via = "SIP/2.0/UDP 192.0.2.9:" .. other.address:match("%d+$") ..
      ";rport;maddr=" .. device.host(other) .. ";branch=" .. sip.branch() } }))
    other:expect("200 OPTIONS")
  end)

  scenario("a sent-by without a port is that of 5060", { net = "sim", covers = { "TRP-008b" } }, function(t)
    local w = t:wire("w", { port = 5070 })
    local listens = t:wire("listens", { address = device.host(w), port = 5060 })
    w:send(t.dut, options(t, { headers = { Via = "SIP/2.0/UDP host.invalid;branch=" .. sip.branch() } }))
    listens:expect("200 OPTIONS")
  end)

  scenario("without Content-Length a datagram's body goes to its end", { covers = { "TRP-017" } }, function(t)
    local w = t:wire("w")
    local _, ok = device.dialog(t, w, { headers = { ["Content-Length"] = false },
      sdp = sip.sdp { address = device.host(w), codecs = { "PCMA" } } })
    expect(ok.body, "an answer, no offer"):never():matches("(?m)^m=audio \\d+ \\S+ (.* )?0\\b")
  end)

  scenario("an alias in Via changes nothing", { needs = { "tcp" }, covers = { "TRP-N11" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    w:send(t.dut, options(t, { headers = { Via = "SIP/2.0/TCP " .. w.address .. ";alias;branch=" .. sip.branch() } }))
    expect(w:expect("200 OPTIONS"):header("Via")):contains(";alias")
  end)

  scenario("a connection without a word stays open for half a minute", { needs = { "tcp" }, tags = { "long" },
    covers = { "TRP-022" } }, function(t)                    -- §18: SHOULD
      local w = t:wire("w", { transport = "tcp" })
      local connection = w:connect(t.dut)
      w:send(t.dut, options(t))
      w:expect("200 OPTIONS")
      t:sleep("31.5s")
      expect(connection.state):equals("open")
    end)

  for name, length in pairs { ["below zero"] = "-999", ["of letters"] = "five" } do
    scenario("after a length " .. name .. " the connection is closed", { needs = { "tcp" }, covers = { "TRP-021" } },
      function(t)                                            -- RFC 4475 §3.1.2.3
        local w = t:wire("w", { transport = "tcp" })
        local connection = w:connect(t.dut)
        w:ignore("4xx")
        w:send(t.dut, options(t, { headers = { ["Content-Length"] = length } }))
        connection:expect_close()
        device.lives(t)
      end)
  end
end)
