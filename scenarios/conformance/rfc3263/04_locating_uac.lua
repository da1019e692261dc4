-- RFC 3263 §4: where a phone finds whom it calls. Its names are ours to give, so that this is simulated only.
local NEEDS = { "uac", "trigger:call" }

-- The device calls: the INVITE as it came to the wire.
local function comes(t, w, uri)
  t.dut:trigger("call", uri)
  return w:expect("INVITE")
end

local function refused(w, invite, status)
  w:reply(invite, status or 486, { to_tag = "w" })
  w:expect("ACK")
end

group("uac", { net = "sim", needs = NEEDS, tags = { "uac", "dns" } }, function()
  scenario("NAPTR says by which transport, and SRV where", { needs = { "udp" }, covers = { "TRP-028" } }, function(t)
    local tcp, udp = t:wire("by_tcp", { transport = "tcp" }), t:wire("by_udp")
    t.net:dns {
      ["example.com"] = { naptr = { { 10, 1, "s", "SIP+D2T", "", "_sip._tcp.example.com" },
                                    { 20, 1, "s", "SIP+D2U", "", "_sip._udp.example.com" } } },
      ["_sip._tcp.example.com"] = { srv = { { 1, 1, tcp, "tcp.example.com" } } },
      ["_sip._udp.example.com"] = { srv = { { 1, 1, udp, "udp.example.com" } } },
      ["tcp.example.com"] = { a = tcp }, ["udp.example.com"] = { a = udp },
    }
    refused(tcp, comes(t, tcp, "sip:bob@example.com"))
    udp:expect_none("*", "1s")
  end)

  scenario("a port that is named ends the search", { needs = { "udp" }, covers = { "TRP-028c", "TRP-028b" } },
  function(t)
    local host, other = t:wire("host"), t:wire("other_one")
    t.net:dns {
      ["_sip._udp.example.com"] = { srv = { { 1, 1, other, "other.example.com" } } },
      ["other.example.com"] = { a = other }, ["example.com"] = { a = host },
    }
    local invite = comes(t, host, "sip:bob@example.com:" .. host.address:match("%d+$"))
    expect(invite.transport):equals("udp")
    refused(host, invite)
    other:expect_none("*", "1s")
  end)

  scenario("a number is taken as it is, over UDP", { needs = { "udp" }, covers = { "TRP-028b" } }, function(t)
    local w = t:wire("w")
    local invite = comes(t, w, "sip:bob@" .. w.address)
    expect(invite.via[1].transport):equals("UDP")
    refused(w, invite)
  end)

  for _, transport in ipairs { "udp", "tcp" } do
    scenario("transport=" .. transport .. " is obeyed", { covers = { "TRP-N05" } }, function(t)
      local w = t:wire("w", { transport = transport })
      t.net:dns { ["host.example.com"] = { a = w } }
      local invite = comes(t, w, "sip:bob@host.example.com:" .. w.address:match("%d+$") .. ";transport=" .. transport)
      expect(invite.via[1].transport):equals(transport:upper())
      refused(w, invite)
    end)
  end

  scenario("a domain with an address alone is called there, at 5060 over UDP",
    { needs = { "udp" }, covers = { "TRP-N06" } }, function(t)
    local w = t:wire("w", { port = 5060 })
    t.net:dns { ["example.com"] = { a = w } }
    refused(w, comes(t, w, "sip:bob@example.com"))
  end)

  local function two(t)
    local first, second = t:wire("first"), t:wire("second")
    t.net:dns {
      ["_sip._udp.example.com"] = { srv = { { 20, 1, second, "b.example.com" }, { 10, 1, first, "a.example.com" } } },
      ["a.example.com"] = { a = first }, ["b.example.com"] = { a = second },
    }
    return first, second
  end

  scenario("of two servers the one with the lower number is called", { needs = { "udp" }, covers = { "TRP-029" } },
  function(t)
    local first, second = two(t)
    refused(first, comes(t, first, "sip:bob@example.com"))
    second:expect_none("*", "1s")
  end)

  scenario("after a 503 the next one gets the same request, by another branch",
    { needs = { "udp" }, covers = { "TRP-029b" } }, function(t)
    local first, second = two(t)
    local one = comes(t, first, "sip:bob@example.com")
    refused(first, one, 503)
    local other = second:expect("INVITE")
    expect(other.call_id):equals(one.call_id)
    expect(other.from.tag):equals(one.from.tag)
    expect(other.cseq.number):equals(one.cseq.number)
    expect(other.via[1].branch):never():equals(one.via[1].branch)
    refused(second, other)
  end)

  scenario("after silence, too", { needs = { "udp" }, covers = { "TRP-029b" } }, function(t)
    local first, second = two(t)
    local since = t:now()
    comes(t, first, "sip:bob@example.com")
    refused(second, second:expect("INVITE", { within = "34s" }))
    expect(t:now() - since):between(31, 34)
  end)

  scenario("who is not there is passed over at once", { needs = { "udp" }, covers = { "TRP-029b", "TRP-023" } },
  function(t)
    local first, second = two(t)
    t.net:refuse("first")
    t.dut:trigger("call", "sip:bob@example.com")
    refused(second, second:expect("INVITE", { within = "2s" }))
    expect(#t:messages("dut->>first: INVITE")):equals(1)
    first:ignore("INVITE")
  end)

  scenario("what belongs to the second try stays there",
    { needs = { "udp", "trigger:hangup" }, covers = { "TRP-N04" } },
    function(t)
      local first, second = two(t)
      refused(first, comes(t, first, "sip:bob@example.com"), 503)
      local invite = second:expect("INVITE")
      second:reply(invite, 180, { to_tag = "w", contact = "<" .. second.uri .. ">" })
      t:sleep("50ms")
      t.dut:trigger("hangup")
      second:reply(second:expect("CANCEL"), 200, { to_tag = "w" })
      refused(second, invite, 487)
      first:expect_none("*", "1s")
    end)
end)

group("uac", { net = "sim", needs = { "uac", "tls", "trigger:call" }, tags = { "uac", "dns", "tls" } }, function()
  -- Where they lead in the clear somebody listens; nobody does where they would lead by TLS.
  for name, case in pairs {
    ["NAPTR of services without SIPS"] = { "TRP-030", { naptr = {
      { 10, 1, "s", "SIP+D2T", "", "_sip._tcp.example.com" }, { 20, 1, "s", "SIP+D2U", "", "_sip._udp.example.com" } } } },
    ["SRV without _sips"] = { "TRP-030b", {} },
  } do
    scenario("a sips URI is not led into the clear by " .. name, { covers = { case[1] } }, function(t)
      local udp, tcp = t:wire("by_udp", { transport = "udp" }), t:wire("by_tcp", { transport = "tcp" })
      t.net:dns {
        ["example.com"] = case[2],
        ["_sip._udp.example.com"] = { srv = { { 1, 1, udp, "udp.example.com" } } },
        ["_sip._tcp.example.com"] = { srv = { { 1, 1, tcp, "tcp.example.com" } } },
        ["udp.example.com"] = { a = udp }, ["tcp.example.com"] = { a = tcp },
      }
      t.dut:trigger("call", "sips:bob@example.com")
      udp:expect_none("*", "5s")
      tcp:expect_none("*", "0s")
      expect(#t:messages("dut->>*: INVITE"), "what it sent to anybody"):equals(0)
    end)
  end
end)
