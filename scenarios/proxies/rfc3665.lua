-- The call flows of RFC 3665 §3 that go through proxies, message for message.
local trapezoid = require("_trapezoid")

scenario("§3.2 session establishment through two proxies", function(t)
  local alice, bob = trapezoid(t)
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  t:sleep("1s")
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  t:sleep("1s")
  leg:bye()
  call:wait("terminated")
  t:flow([[
    sequenceDiagram
    alice->>p1: INVITE [Route]
    p1->>p2: INVITE [uri.host = "biloxi.example.com"]
    p1->>alice: 100
    p2->>bob: INVITE
    p2->>p1: 100
    bob->>p2: 180
    p2->>p1: 180
    p1->>alice: 180
    bob->>p2: 200 INVITE
    p2->>p1: 200 INVITE
    p1->>alice: 200 INVITE
    alice->>p1: ACK
    p1->>p2: ACK
    p2->>bob: ACK
    Note over alice,bob: RTP
    bob->>p2: BYE
    p2->>p1: BYE
    p1->>alice: BYE
    alice->>p1: 200 BYE
    p1->>p2: 200 BYE
    p2->>bob: 200 BYE
  ]], { interleave = true })
end)

scenario("§3.3 session with multiple proxy authentication", function(t)
  local bob = t:agent("bob", { uri = "sip:bob@biloxi.example.com" })
  local p2 = t:proxy("p2", { domain = { "biloxi.example.com", "atlanta.example.com" }, realm = "biloxi.example.com",
                             record_route = true, users = { alice = "two" }, routes = { bob = bob } })
  local p1 = t:proxy("p1", { domain = "atlanta.example.com", record_route = true, users = { alice = "one" },
                             routes = { ["@biloxi.example.com"] = p2 } })
  local alice = t:agent("alice", { uri = "sip:alice@atlanta.example.com", outbound = p1, auth = {
    { realm = "atlanta.example.com", user = "alice", password = "one" },
    { realm = "biloxi.example.com", user = "alice", password = "two" } } })
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  expect(#leg.request:headers("Proxy-Authorization")):at_least(1)
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye():response(200)
  t:flow([[
    alice->>p1: INVITE
    p1->>alice: 407
    alice->>p1: INVITE
    p1->>p2: INVITE
    p2->>p1: 407
    p1->>alice: 407
    alice->>p1: INVITE
    p1->>p2: INVITE
    p2->>bob: INVITE
    bob->>p2: 200 INVITE
    p1->>alice: 200 INVITE
  ]], { loose = true })
end)

scenario("§3.4 successful session with proxy failure", { net = "sim" }, function(t)
  -- net = "sim": half a minute of silence.
  local bob = t:agent("bob", { uri = "sip:bob@biloxi.example.com" })
  local function proxy(name)
    return t:proxy(name, { domain = { "atlanta.example.com", "biloxi.example.com" }, realm = "biloxi.example.com",
                           record_route = true, users = { alice = "zanzibar" }, routes = { bob = bob } })
  end
  local p1, p2 = proxy("p1"), proxy("p2")
  t.net:dns {
    ["_sip._udp.atlanta.example.com"] = { srv = { { 1, 1, p1, "ss1.atlanta.example.com" },
                                                  { 2, 1, p2, "ss2.atlanta.example.com" } } },
    ["ss1.atlanta.example.com"] = { a = p1 }, ["ss2.atlanta.example.com"] = { a = p2 },
  }
  local alice = t:agent("alice", { uri = "sip:alice@atlanta.example.com", outbound = "sip:atlanta.example.com",
                                   auth = { user = "alice", password = "zanzibar" } })
  t.net:blackhole("p1")
  local call = alice:invite("sip:bob@biloxi.example.com")
  local leg = bob:expect_invite { within = "40s" }
  leg:ring()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  t:sleep("1s")
  leg:bye()
  call:wait("terminated")
  t:flow([[
    sequenceDiagram
    alice-xp1: INVITE x7 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 15.5s, 31.5s
    alice->>p2: INVITE
    p2->>alice: 407
    alice->>p2: ACK
    alice->>p2: INVITE [Proxy-Authorization]
    p2->>bob: INVITE
    p2->>alice: 100
    bob->>p2: 180
    p2->>alice: 180
    bob->>p2: 200 INVITE
    p2->>alice: 200 INVITE
    alice->>p2: ACK
    p2->>bob: ACK
    Note over alice,bob: RTP
    bob->>p2: BYE
    p2->>alice: BYE
    alice->>p2: 200 BYE
    p2->>bob: 200 BYE
  ]], { interleave = true })
end)

scenario("§3.5 session through a SIP ALG", function(t)
  local bob = t:agent("bob", { uri = "sip:bob@biloxi.example.com" })
  local p2 = t:proxy("p2", { domain = "biloxi.example.com", routes = { bob = bob } })
  local alg = t:proxy("alg", { domain = "atlanta.example.com", record_route = true,
                               routes = { ["@biloxi.example.com"] = p2 } })
  local alice = t:agent("alice", { uri = "sip:alice@atlanta.example.com", outbound = alg })
  -- It ends both media streams, and bridges them.
  alg:on_send(function(message)
    if message.sdp then
      return message:with { body = (message.body:gsub("m=audio %d+", "m=audio " .. (message.method and 2000 or 2002))) }
    end
  end)
  local call = alice:invite("sip:bob@biloxi.example.com")
  local leg = bob:expect_invite()
  leg:ring()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  expect(leg.remote_sdp.media[1].port):equals(2000)
  expect(call.remote_sdp.media[1].port):equals(2002)
  t:sleep("1s")
  call:bye()
  leg:wait("terminated")
  t:flow([[
    sequenceDiagram
    alice->>alg: INVITE [Route]
    alg->>p2: INVITE
    alg->>alice: 100
    p2->>bob: INVITE
    p2->>alg: 100
    bob->>p2: 180
    p2->>alg: 180
    alg->>alice: 180
    bob->>p2: 200 INVITE
    p2->>alg: 200 INVITE
    alg->>alice: 200 INVITE
    alice->>alg: ACK
    alg->>bob: ACK
    Note over alice,bob: RTP, by way of the ALG
    alice->>alg: BYE
    alg->>bob: BYE
    bob->>alg: 200 BYE
    alg->>alice: 200 BYE
  ]], { interleave = true })
end)

scenario("§3.6 session via redirect and proxy servers, SDP in ACK", function(t)
  local alice, bob = t:agents("alice", "bob")
  local p3 = t:proxy("p3", { record_route = true, routes = { bob = bob } })
  local server = t:redirect("server", { routes = { bob = "sip:bob@" .. p3.address } })
  local moved = alice:invite("sip:bob@" .. server.address, { sdp = false }):expect(302)
  local call = alice:invite(moved.contact[1].uri, { sdp = false })
  local leg = bob:expect_invite()
  expect(leg.request.sdp):is_nil()
  leg:ring()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  expect(leg.remote_sdp):exists()     -- it came with the ACK
  leg:bye()
  call:wait("terminated")
  t:flow([[
    alice->>server: INVITE
    server->>alice: 302
    alice->>server: ACK
    alice->>p3: INVITE
    p3->>bob: INVITE
    p3->>alice: 100
    bob->>p3: 180
    p3->>alice: 180
    bob->>p3: 200 INVITE
    p3->>alice: 200 INVITE
    alice->>p3: ACK
    p3->>bob: ACK
    bob->>p3: BYE
    p3->>alice: BYE
    alice->>p3: 200 BYE
    p3->>bob: 200 BYE
  ]], { interleave = true })
end)

scenario("§3.8 unsuccessful: no answer, the caller gives up", function(t)
  local alice, bob = trapezoid(t)
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  call:expect(180)
  t:mark()
  call:cancel()
  call:wait("terminated")
  leg:wait("terminated")
  expect(call.ended):equals("cancelled")
  t:flow([[
    alice->>p1: CANCEL
    p1->>alice: 200 CANCEL
    p1->>p2: CANCEL
    p2->>p1: 200 CANCEL
    p2->>bob: CANCEL
    bob->>p2: 200 CANCEL
    bob->>p2: 487 INVITE
    p2->>bob: ACK
    p2->>p1: 487 INVITE
    p1->>p2: ACK
    p1->>alice: 487 INVITE
    alice->>p1: ACK
  ]], { interleave = true })
end)

for section, status in pairs { ["§3.9 unsuccessful: busy"] = 486, ["§3.11 unsuccessful: temporarily unavailable"] = 480 } do
  scenario(section, function(t)
    local alice, bob = trapezoid(t)
    local call = alice:invite(bob)
    local leg = bob:expect_invite()
    leg:ring()
    call:expect(180)
    t:mark()
    leg:reject(status)
    call:expect(status)
    t:flow(([[
      bob->>p2: STATUS
      p2->>bob: ACK
      p2->>p1: STATUS
      p1->>p2: ACK
      p1->>alice: STATUS
      alice->>p1: ACK
    ]]):gsub("STATUS", status .. " INVITE"), { interleave = true })
  end)
end

scenario("§3.10 unsuccessful: no response from the user agent", function(t)
  local p2_bob = t:wire("bob")
  local p2 = t:proxy("p2", { domain = "biloxi.example.com", routes = { bob = p2_bob } })
  local p1 = t:proxy("p1", { domain = "atlanta.example.com", routes = { ["@biloxi.example.com"] = p2 } })
  local alice = t:agent("alice", { uri = "sip:alice@atlanta.example.com", outbound = p1 })
  p2_bob:ignore("INVITE")
  local call = alice:invite("sip:bob@biloxi.example.com")
  call:expect(408, { within = "40s" })  -- the figure's 480; RFC 3261 §16.7 item 6 says 408
  t:flow([[
    p2->>bob: INVITE x7
    p2->>p1: 408 INVITE
    p1->>alice: 408 INVITE
  ]], { loose = true })
end)
