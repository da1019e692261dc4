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
        w:send(t.dut.uri .. ";transport=" .. transport, options(t))
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

  scenario("maddr comes before received and rport", { needs = { "udp" }, covers = { "TRP-012" } }, function(t)
    local w, other = t:wire("w"), t:wire("other_side")
    w:send(t.dut, options(t, { headers = { Via = "SIP/2.0/UDP 192.0.2.9:" .. other.address:match("%d+$") ..
      ";rport;maddr=" .. device.host(other) .. ";branch=" .. sip.branch() } }))
    other:expect("200 OPTIONS")
  end)

  scenario("a sent-by without a port is that of 5060", { net = "sim", needs = { "udp" }, covers = { "TRP-008b" } },
  function(t)
    local w = t:wire("w", { port = 5070 })
    local listens = t:wire("listens", { address = device.host(w), port = 5060 })
    w:send(t.dut, options(t, { headers = { Via = "SIP/2.0/UDP host.invalid;branch=" .. sip.branch() } }))
    listens:expect("200 OPTIONS")
  end)

  scenario("without Content-Length a datagram's body goes to its end", { needs = { "udp" }, covers = { "TRP-017" } },
  function(t)
    local w = t:wire("w")
    local _, ok = device.dialog(t, w, { headers = { ["Content-Length"] = false },
      sdp = sip.sdp { address = device.host(w), codecs = { "PCMA" } } })
    expect(ok.body, "an answer, no offer"):never():matches("(?m)^m=audio \\d+ \\S+ (.* )?0\\b")
  end)

  scenario("a name in sent-by gets the source beside it, of IPv6, too", { needs = { "udp", "ipv6" }, covers = { "IP6-009" } },
    function(t)
      local w = t:wire("w", { ipv6 = true })
      w:send(t.dut, options(t, { headers = { Via = "SIP/2.0/UDP host.invalid;rport;branch=" .. sip.branch() } }))
      local received = w:expect("*"):header("Via"):match(";received=%[?([%x:]+)%]?")
      expect(received, "received"):equals(device.host(w):gsub("[%[%]]", ""), nil)
    end)

  -- §18.2.2: the connection is gone, and so it opens one to where the INVITE came from.
  for _, transport in ipairs { "tcp", "tls" } do
    scenario("an answer whose connection is gone opens another by " .. transport:upper(),
      { needs = { transport, "trigger:answer" }, covers = { transport == "tcp" and "TRP-014" or "TRP-N10" } }, function(t)
        local w = t:wire("w", { transport = transport })
        local _, first = device.rings(t, w, { headers = { Via = ("SIP/2.0/%s host.invalid:%s;branch=%s"):format(
          transport:upper(), w.address:match("%d+$"), sip.branch()) } })
        if first.status == 200 then t:skip("it answers at once") end
        w:close()
        t.dut:trigger("answer")
        local ok = w:expect("200 INVITE", { skip = true })
        expect(ok.transport):equals(transport)
      end)
  end

  -- Nothing says what it makes of them, but that others are served, RFC 4475 §3.3.9.
  for id, rows in pairs { ["TRP-018b"] = "", ["TRP-021b"] = "Content-Length: 0\r\nContent-Length: 5\r\n" } do
    scenario(rows == "" and "a stream without lengths holds up nobody else" or "two lengths on a stream hold up nobody else",
      { needs = { "tcp" }, covers = { id } }, function(t)
        local w, good = t:wire("w", { transport = "tcp" }), t:wire("good", { transport = "tcp" })
        w:ignore("*")
        w:send(t.dut, (("OPTIONS %s SIP/2.0\r\nVia: SIP/2.0/TCP %s;branch=%s\r\nMax-Forwards: 70\r\nTo: <%s>\r\n"
          .. "From: <sip:w@%s>;tag=w\r\nCall-ID: %s\r\nCSeq: 1 OPTIONS\r\n%s\r\n"):format(t.dut.uri, w.address,
            sip.branch(), t.dut.uri, w.address, sip.call_id(), rows)))
        good:send(t.dut, options(t))
        good:expect("200 OPTIONS")
        device.lives(t)
        expect(#t:messages("dut->>w: 2xx|4xx|5xx")):between(0, 1)
      end)
  end

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
