-- Which transport a domain wants is in its NAPTR records (RFC 3263 §4.1): here TCP before UDP, and
-- TLS before both, which alice does not speak.

scenario("NAPTR chooses TCP", function(t)
  local alice = t:agent("alice", { transport = { "udp", "tcp" } })
  local bob   = t:agent("bob", { transport = { "udp", "tcp" } })
  t.net:dns {
    ["example.com"] = { naptr = {
      { 50, 50, "s", "SIPS+D2T", "", "_sips._tcp.example.com" },
      { 90, 50, "s", "SIP+D2T", "", "_sip._tcp.example.com" },
      { 100, 50, "s", "SIP+D2U", "", "_sip._udp.example.com" },
    } },
    ["_sips._tcp.example.com"] = { srv = { { 10, 1, 5061, "host.example.com" } } },
    ["_sip._tcp.example.com"]  = { srv = { { 10, 1, bob, "host.example.com" } } },
    ["_sip._udp.example.com"]  = { srv = { { 10, 1, bob, "host.example.com" } } },
    ["host.example.com"]       = { a = bob },
  }

  local call = alice:invite("sip:bob@example.com")
  local leg = bob:expect_invite()
  expect(leg.request.via[1].transport):equals("TCP")
  leg:answer()
  call:wait("confirmed")
  call:bye():response(200)

  -- Who names a transport gets it, whatever the domain would rather have.
  alice:options("sip:bob@example.com;transport=udp"):response(200)
  expect(t:messages("alice->>bob: OPTIONS")[1].via[1].transport):equals("UDP")
end)
