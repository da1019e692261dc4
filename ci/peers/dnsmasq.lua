-- Names that no zone of the scenario has, out of a DNS server that nobody here wrote: test_dnsmasq says what it has.
local port = tonumber(param("port"))
local real = { net = "real", timeout = "30s" }

local function both(t)
  return t:agent("alice", { transport = { "udp", "tcp" } }), t:agent("bob", { port = port, transport = { "udp", "tcp" } })
end

group("dnsmasq", real, function()
  scenario("NAPTR, SRV and A lead to a call by TCP", function(t)
    local alice, bob = both(t)
    local call = alice:invite("sip:bob@peers.example")
    local leg = bob:expect_invite { within = "10s" }
    expect(leg.request.transport):equals("tcp")
    expect(leg.request.uri.host):equals("peers.example")
    leg:ring()
    leg:answer()
    call:wait("confirmed")
    leg:wait("confirmed")
    leg:bye():response(200)
    call:wait("terminated")
  end)

  scenario("who has UDP alone takes the second NAPTR", function(t)
    local _, bob = both(t)
    local request = t:agent("carol"):options("sip:bob@peers.example")
    request:response(200)
    expect(#t:messages("carol->>bob: OPTIONS")):equals(1)
  end)

  scenario("SRV without NAPTR, and its second target", function(t)
    local _, bob = both(t)
    t:agent("carol"):options("sip:bob@failover.example"):response(200)
    t:flow [[
      carol-)other: OPTIONS
      carol->>bob: OPTIONS
      bob->>carol: 200 OPTIONS
    ]]
  end)

  -- RFC 5922 §7.3: the certificate is for the name that was asked for, not for what the DNS made of it.
  for _, names in ipairs { { "sip:secure.example", 200 }, { "sip:bob.peers.example", "unreachable" } } do
    scenario("a sips: URI, and a certificate for " .. names[1], function(t)
      t:agent("bob", { transport = "tls", port = port, tls = { cert = sip.certificate { san = names[1] } } })
      t:agent("carol", { transport = "tls" }):options("sips:bob@secure.example"):response(names[2])
      expect(#t:messages("carol->>bob: OPTIONS")):equals(names[2] == 200 and 1 or 0)
    end)
  end

  scenario("an answer of sixty records comes by TCP", function(t)
    local _, bob = both(t)
    t:agent("carol"):options("sip:bob@many.example"):response(200)
    expect(#t:messages("carol->>bob: OPTIONS")):equals(1)
  end)

  scenario("an alias", function(t)
    local _, bob = both(t)
    t:agent("carol"):options("sip:bob@alias.example:" .. port):response(200)
    expect(#t:messages("carol->>bob: OPTIONS")):equals(1)
  end)

  scenario("an AAAA", { skip = param("ipv6", "no") == "no" and "this machine has no ::1" or nil }, function(t)
    t:agent("bob", { port = port, ipv6 = true })
    t:agent("carol", { ipv6 = true }):options("sip:bob@six.example:" .. port):response(200)
    expect(#t:messages("carol->>bob: OPTIONS")):equals(1)
  end)

  scenario("what a scenario's own zone has is not asked of it", function(t)
    local alice, bob = both(t)
    t.net:dns { ["peers.example"] = { a = alice } }
    alice:options("sip:bob@peers.example:" .. port):response(200)
    expect(#t:messages("alice->>bob: OPTIONS")):equals(1)
  end)

  scenario("a name that is none", function(t)
    local asked = t:agent("carol"):options("sip:bob@nobody.example")
    asked:response("unreachable", { within = "2s" })
  end)
end)

scenario("no server at all", real, function(t)
  local asked = t:agent("carol"):options("sip:bob@peers.example")
  asked:response("unreachable")
  expect(t:now()):between(0, 10)
end)
