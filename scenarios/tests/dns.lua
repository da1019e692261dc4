-- Finding the next hop, RFC 3263: what is asked, where requests go, and what happens when nothing is
-- there.

local function servers(t, names, opts)
  local agents, zone, srv = {}, {}, {}
  for i, name in ipairs(names) do
    agents[i] = t:agent(name)
    srv[i] = { 10 * i, 0, agents[i], name .. ".example.com" }
    zone[name .. ".example.com"] = { a = agents[i] }
  end
  zone["_sip._udp.example.com"] = { srv = srv, ttl = opts and opts.ttl, delay = opts and opts.delay }
  t.net:dns(zone)
  return table.unpack(agents)
end

scenario("a name without SRV is asked for its addresses", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:dns { ["bob.example.com"] = { a = bob } }
  local port = bob.address:match(":(%d+)$")
  alice:options("sip:bob.example.com:" .. port):response(200)
end)

scenario("an alias leads to the host", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:dns {
    ["_sip._udp.example.com"] = { srv = { 1, 1, bob, "host.example.com" } },
    ["www.example.com"] = { cname = "host.example.com" },
    ["host.example.com"] = { a = bob },
  }
  local port = bob.address:match(":(%d+)$")
  alice:options("sip:www.example.com:" .. port):response(200)
  alice:options("sip:example.com"):response(200)
end)

scenario("a name that is not there fails like an unreachable server", function(t)
  local alice = t:agent("alice")
  t.net:dns {}
  local call = alice:invite("sip:bob@nowhere.example")
  call:expect("unreachable")
  call:wait("terminated")
  expect(call.ended):equals("unreachable")
  alice:options("sip:nowhere.example;transport=udp"):expect("unreachable")
  expect(#t:messages("*->>*: *")):equals(0)
end)

for _, how in ipairs { "SERVFAIL", "REFUSED", "NXDOMAIN", "timeout" } do
  scenario("B41: a domain whose SRV says " .. how .. " is asked for its addresses", { net = "sim" },
  function(t)
    local alice, bob = t:agents("alice", "bob")
    t.net:dns {
      ["_sip._udp.example.com"] = { fails = how },
      ["example.com"] = { a = bob },
    }
    alice:options("sip:example.com"):response(200)
    expect(t:now()):equals(how == "timeout" and 10.002 or 0.002)
  end)
end

scenario("B41: a loop of aliases ends", function(t)
  local alice = t:agent("alice")
  t.net:dns({
    ["a.example.com"] = { cname = "b.example.com" },
    ["b.example.com"] = { cname = "a.example.com" },
  }, { force = true })
  alice:options("sip:a.example.com:5060"):expect("unreachable")
end)

scenario("B41: a target that is a dot is no service", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:dns {
    ["_sip._udp.example.com"] = { srv = { 0, 0, 0, "." } },
    ["example.com"] = { a = bob },
  }
  alice:options("sip:example.com;transport=udp"):expect("unreachable")
end)

scenario("all targets fail: the last failure is the request's", function(t)
  local alice = t:agent("alice")
  local one, two = servers(t, { "one", "two" })
  local tx = alice:request("OPTIONS", "sip:example.com")
  t.net:refuse("one")
  t.net:refuse("two")
  local last = tx:expect("unreachable")
  expect(last.generated):equals(true)
  t:flow [[
    alice-xone: OPTIONS
    alice-xtwo: OPTIONS
  ]]
end)

scenario("another refusal than 503 is an answer", function(t)
  local alice = t:agent("alice")
  local one, two = servers(t, { "one", "two" })
  local call = alice:invite("sip:example.com")
  one:expect_invite():reject(500)
  call:expect(500)
  call:wait("terminated")
  two:expect_none("INVITE", "1s")
end)

scenario("a server that has rung and then falls silent is not passed over", { net = "sim" },
function(t)
  local alice = t:agent("alice")
  local one, two = servers(t, { "one", "two" })
  local tx = alice:request("MESSAGE", "sip:example.com", { body = "hi", content_type = "text/plain" })
  local got = one:expect_request("MESSAGE")
  t:sleep("4s")          -- the stack's 100, RFC 4320 §4.1
  t.net:blackhole("alice")
  tx:expect("timeout", { within = "40s" })
  two:expect_none("MESSAGE", "1s")
  t.net:heal("alice")
  got:respond(200)
end)

scenario("requests of a dialog go by its route set and target, which may be names", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:dns {
    ["_sip._udp.bob.example.com"] = { srv = { 1, 1, bob, "host.example.com" } },
    ["_sip._udp.alice.example.com"] = { srv = { 1, 1, alice, "alice.example.com" } },
    ["host.example.com"] = { a = bob },
    ["alice.example.com"] = { a = alice },
  }
  local call = alice:invite(bob, { contact = "<sip:alice@alice.example.com>" })
  local leg = bob:expect_invite()
  leg:answer { contact = "<sip:bob@bob.example.com>" }
  leg:wait("confirmed")
  leg:bye():response(200)
  call:wait("terminated")
  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 200 INVITE
    alice->>bob: ACK [uri.host = bob.example.com]
    bob->>alice: BYE [uri.host = alice.example.com]
    alice->>bob: 200 BYE
  ]]
end)

scenario("a Contact that means nothing is no reason to lose the call", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:dns {}
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer { contact = "<sip:bob@nowhere.example>" }
  leg:wait("confirmed")
  call:bye():response(200)
end)

scenario("nothing goes out while the DNS is slow, and a CANCEL ends it in silence", { net = "sim" },
function(t)
  local alice = t:agent("alice")
  local one = servers(t, { "one" }, { delay = "2s" })
  local call = alice:invite("sip:example.com")
  t:sleep("1s")
  call:cancel()
  call:wait("terminated")
  expect(call.ended):equals("cancelled")
  t:sleep("5s")
  expect(#t:messages("alice->>*: *")):equals(0)

  local tx = alice:options("sip:example.com")
  tx:response(200)
  t:flow [[
    alice->>one: OPTIONS
    one->>alice: 200
  ]]
  expect(t:now()):equals(8.002)
end)

scenario("answers are kept for their TTL and no longer", { net = "sim" }, function(t)
  local alice, one, two = t:agents("alice", "one", "two")
  t.net:dns { ["host.example.com"] = { a = one, ttl = "60s" } }
  alice:options("sip:host.example.com:5060"):response(200)
  t.net:dns { ["host.example.com"] = { a = two } }
  t:sleep("30s")
  alice:options("sip:host.example.com:5060"):response(200)
  t:sleep("31s")
  alice:options("sip:host.example.com:5060"):response(200)
  t:flow [[
    alice->>one: OPTIONS
    one->>alice: 200
    alice->>one: OPTIONS
    one->>alice: 200
    alice->>two: OPTIONS
    two->>alice: 200
  ]]
end)

scenario("weights are shares", { net = "sim" }, function(t)
  local alice, light, heavy = t:agents("alice", "light", "heavy")
  t.net:dns {
    ["_sip._udp.example.com"] = { ttl = "1h", srv = { { 1, 10, light, "light.example.com" },
                                                      { 1, 30, heavy, "heavy.example.com" } } },
    ["light.example.com"] = { a = light, ttl = "1h" },
    ["heavy.example.com"] = { a = heavy, ttl = "1h" },
  }
  for _ = 1, 200 do alice:options("sip:example.com"):response(200) end
  expect(#t:messages("alice->>light: OPTIONS")):between(25, 75)      -- 50, and four deviations
  expect(#t:messages("alice->>*: OPTIONS")):equals(200)
end)

scenario("maddr is where it goes, whatever the host is", function(t)
  local alice, bob = t:agents("alice", "bob")
  local host, port = bob.address:match("^(.*):(%d+)$")
  alice:options("sip:example.com:" .. port .. ";maddr=" .. host):response(200)
end)

scenario("IPv6 addresses are found by AAAA", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob", { ipv6 = true })
  t.net:dns { ["bob.example.com"] = { aaaa = bob, a = "192.0.2.1" } }
  alice:options("sip:bob.example.com:5060"):response(200)
end)

scenario("a redirect to a name is followed", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  t.net:dns {
    ["_sip._udp.carol.example.com"] = { srv = { { 1, 1, bob, "down.example.com" },
                                                { 2, 1, carol, "up.example.com" } } },
    ["down.example.com"] = { fails = "SERVFAIL" },
    ["up.example.com"] = { a = carol },
  }
  local call = alice:invite(bob, { follow = true })
  bob:expect_invite():respond(302, { contact = "<sip:carol.example.com>" })
  carol:expect_invite():answer()
  call:wait("confirmed")
  call:bye():response(200)
end)

scenario("by TCP, a server that refuses the connection is passed over", function(t)
  local alice, one, two = t:agents("alice", "one", "two", { transport = "tcp" })
  t.net:dns {
    ["_sip._tcp.example.com"] = { srv = { { 1, 1, one, "one.example.com" },
                                          { 2, 1, two, "two.example.com" } } },
    ["one.example.com"] = { a = one },
    ["two.example.com"] = { a = two },
  }
  one:crash()
  alice:options("sip:example.com"):response(200)
  expect(#t:messages("two->>alice: 200")):equals(1)
end)
