-- Kamailio as registrar and proxy, with digest, over every transport. Whoever comes by TLS has to show a
-- certificate, and sees one.
local transports = { "udp", "tcp", "tls", "ws", "wss" }

local function agent(t, name, transport, opts)
  local all = { account = name, outbound = t.dut, transport = transport }
  for key, value in pairs(opts or {}) do all[key] = value end
  return t:agent(name, all)
end

-- A call from one account to the other, there and back; the callee hangs up.
local function call_through(t, from, to)
  local alice, bob = agent(t, "alice", from), agent(t, "bob", to)
  alice:register(t.dut):wait("registered")
  bob:register(t.dut):wait("registered")

  local call = alice:invite(bob.uri)
  local leg = bob:expect_invite { within = "10s" }
  expect(leg.request.transport):equals(to)
  expect(leg.request:header("Proxy-Authorization")):is_nil()
  leg:ring()
  call:expect(180)
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  -- RFC 5658: one for each side of it. For wss it writes two, though the transports are the same.
  expect(#call.dialog.route_set):equals(from == to and from ~= "wss" and 1 or 2)
  expect(#leg.dialog.route_set):equals(#call.dialog.route_set)

  call:reinvite():response(200)
  leg:expect("ACK")
  leg:bye():response(200)
  call:wait("terminated")
  expect(call.ended):equals("remote bye")
  expect(#t:messages("alice->>dut: INVITE [Proxy-Authorization]")):equals(2)
end

for _, transport in ipairs(transports) do
  group("kamailio over " .. transport, { net = "real", timeout = "30s" }, function()
    scenario("registers, refreshes, fetches and unregisters", function(t)
      local alice = agent(t, "alice", transport)
      local registration = alice:register(t.dut, { expires = "120s" })
      registration:wait("registered")
      expect(registration.expires):between(110, 120)
      expect(t:messages("alice->>dut: REGISTER")[1].route[1].uri.user):is_nil() -- the target's URI has none
      registration:refresh():response(200)

      local fetch = alice:register(t.dut, { fetch = true })
      fetch:wait("registered")
      expect(#fetch.last_response:headers("Contact")):equals(1)
      expect(fetch.last_response.transport):equals(transport)

      registration:terminate():response(200)
      registration:wait("unregistered")
      local none = alice:register(t.dut, { fetch = true })
      none:wait("unregistered")
    end)

    scenario("several contacts, and the star", function(t)
      local alice = agent(t, "alice", transport)
      alice:register(t.dut, { contacts = { "<sip:a@127.0.0.1:5999>;q=0.5", "<sip:b@127.0.0.1:5999>;q=0.7" } })
        :wait("registered")
      local fetch = alice:register(t.dut, { fetch = true })
      fetch:wait("registered")
      expect(#fetch.last_response.contact):equals(2)
      alice:register(t.dut, { contacts = { "*" }, expires = 0 }):wait("unregistered")
    end)

    scenario("refuses the wrong password, and somebody else's address", function(t)
      local alice = t:agent("alice", { outbound = t.dut, transport = transport, auth = { user = "alice", password = "shut" } })
      local wrong = alice:register(t.dut)
      wrong:wait("failed")
      expect(wrong.last_response.status):equals(401)
      local bob = agent(t, "bob", transport)
      local other = bob:register(t.dut, { aor = t.dut:at("alice") })
      other:wait("failed")
      expect(other.last_response.status):equals(403)
    end)

    scenario("a call of two agents goes through it, there and back", function(t)
      call_through(t, transport, transport)
    end)

    scenario("a call that rings is cancelled", function(t)
      local alice, bob = agent(t, "alice", transport), agent(t, "bob", transport)
      bob:register(t.dut):wait("registered")
      local call = alice:invite(bob.uri)
      local leg = bob:expect_invite { within = "10s" }
      leg:ring()
      call:expect(180)
      call:cancel()
      call:wait("terminated")
      leg:wait("terminated")
      expect(call.ended):equals("cancelled")
      expect(call.last_response.status):equals(487)
    end)

    scenario("is found without an outbound proxy, too", function(t)
      local asked = t:agent("alice", { transport = transport }):options(t.dut:at("nobody"))
      expect(asked:response(404).via[1].transport):equals(transport:upper())
    end)

    scenario("knows nobody of another name", function(t)
      local call = agent(t, "alice", transport):invite(t.dut:at("nobody"))
      call:wait("terminated")
      expect(call.last_response.status):equals(404)
    end)
  end)
end

group("kamailio", { net = "real", timeout = "30s" }, function()
  for _, pair in ipairs { { "ws", "udp" }, { "udp", "ws" }, { "ws", "tls" }, { "tls", "tcp" }, { "wss", "udp" } } do
    scenario("a call from " .. pair[1] .. " to " .. pair[2], function(t) call_through(t, pair[1], pair[2]) end)
  end

  scenario("two phones of one account ring, and one answers", function(t)
    local desk, browser = agent(t, "desk", "udp", { account = "bob" }), agent(t, "browser", "wss", { account = "bob" })
    local alice = agent(t, "alice", "tcp")
    desk:register(t.dut):wait("registered")
    browser:register(t.dut):wait("registered")

    local call = alice:invite(desk.uri)
    local lost, won = desk:expect_invite { within = "10s" }, browser:expect_invite { within = "10s" }
    lost:ring()
    call:expect(180)
    won:ring()
    won:answer()
    won:wait("confirmed")
    lost:wait("terminated")
    expect(lost.ended):equals("cancelled")
    expect(#call:forks()):equals(2)
    won:bye():response(200)
  end)

  scenario("a long message goes to it by TCP", function(t)
    local alice, bob = agent(t, "alice", { "udp", "tcp" }), agent(t, "bob", "tls")
    bob:register(t.dut):wait("registered")
    local sent = alice:message(bob.uri, ("x"):rep(4000))
    local server = bob:expect_request("MESSAGE", { within = "10s" })
    expect(#server.request.body):equals(4000)
    expect(server.request.via[2].transport):equals("TCP")
    server:respond(200)
    sent:response(200)
  end)

  scenario("our agent does not trust its certificate", function(t)
    local stranger = sip.certificate { cn = "somebody", ca = true, self_signed = true }
    local alice = agent(t, "alice", "tls", { tls = { ca = stranger } })
    local registration = alice:register(t.dut)
    registration:wait("failed")
    expect(registration.last_response:is("unreachable")):equals(true)
    expect(#t:messages("alice->>dut: *")):equals(0)
  end)

  scenario("it does not trust our agent's certificate", function(t)
    local alice = agent(t, "alice", "tls", { tls = { cert = { self_signed = true } } })
    local registration = alice:register(t.dut)
    registration:wait("failed")
    expect(registration.last_response:is("unreachable")):equals(true)
    expect(#t:messages("dut->>alice: *")):equals(0)
  end)
end)
group("kamailio", { net = "real", timeout = "30s" }, function()
  -- Two accounts, registered.
  local function pair(t, from, to, opts)
    local alice, bob = agent(t, "alice", from, opts), agent(t, "bob", to, opts)
    alice:register(t.dut):wait("registered")
    bob:register(t.dut):wait("registered")
    return alice, bob
  end

  scenario("provisional responses are acknowledged through it", function(t)
    local alice, bob = pair(t, "tcp", "udp")
    local call = alice:invite(bob.uri)
    local leg = bob:expect_invite { within = "10s" }
    leg:ring { reliable = true }
    leg:expect("PRACK")
    leg:answer()
    call:wait("confirmed")
    leg:wait("confirmed")
    call:update():response(200)
    call:bye():response(200)
    leg:wait("terminated")
  end)

  scenario("an attended transfer goes through it", function(t)
    local alice, bob = pair(t, "udp", "tls")
    local carol = agent(t, "carol", "ws")
    carol:register(t.dut):wait("registered")
    local first = alice:invite(bob.uri)
    local at_bob = bob:expect_invite { within = "10s" }
    at_bob:answer()
    first:wait("confirmed")
    first:hold():response(200)
    local second = alice:invite(carol.uri)
    local at_carol = carol:expect_invite { within = "10s" }
    at_carol:answer()
    second:wait("confirmed")
    at_carol:wait("confirmed")

    local asked = first:refer(carol.uri, { replaces = second })
    local refer = at_bob:expect_refer()
    refer:accept()
    asked:response("2xx")
    local third = refer:follow()
    local taken = carol:expect_invite { within = "10s" }
    expect(taken.request:header("Replaces")):contains(at_carol.dialog.call_id)
    taken:answer()
    third:wait("confirmed")
    asked:expect_notify("200")
    at_carol:wait("terminated")
    first:bye():response(200)
    third:bye():response(200)
  end)

  scenario("bob is behind our proxy, and found by Path", function(t)
    local edge = t:proxy("edge", { transport = { "udp", "tcp" }, path = true, record_route = true })
    local alice, bob = agent(t, "alice", "udp"), agent(t, "bob", "tcp", { outbound = edge })
    bob:register(t.dut):wait("registered")

    local call = alice:invite(bob.uri)
    local leg = bob:expect_invite { within = "10s" }
    leg:ring()
    call:expect(180)
    leg:answer()
    call:wait("confirmed")
    leg:wait("confirmed")
    expect(#call.dialog.route_set):at_least(2)
    leg:bye():response(200)
    call:wait("terminated")
    expect(t:messages("edge->>dut: REGISTER")[1]:header("Path")):contains(edge.address:match("%d+$"))
    expect(#t:messages("dut->>edge: INVITE")):equals(1)
    expect(#t:messages("edge->>bob: INVITE")):equals(1)
  end)

  scenario("a subscription goes through it", function(t)
    local alice, bob = pair(t, "udp", "tcp")
    local sub = alice:subscribe(bob.uri, "message-summary", { expires = "60s" })
    local notifier = bob:expect_subscribe("message-summary", { within = "10s" })
    notifier:accept { expires = "60s" }
    notifier:notify("Messages-Waiting: yes\r\n")
    expect(sub:expect_notify().body):contains("yes")
    expect(sub.state):equals("active")
    sub:terminate()
    sub:wait("terminated")
  end)

  scenario("what is lost on the way to it and back is sent again", function(t)
    local alice, bob = pair(t, "udp", "udp", { timers = { T1 = "100ms" } })
    t.net:drop("alice->>dut: INVITE [Proxy-Authorization]", 1)
    t.net:drop("bob->>dut: 200 INVITE", 1)
    t.net:drop("alice->>dut: BYE", 1)
    local call = alice:invite(bob.uri)
    local leg = bob:expect_invite { within = "10s" }
    leg:answer()
    call:wait("confirmed")
    leg:wait("confirmed")
    call:bye():response(200)
    leg:wait("terminated")
  end)

  for _, transport in ipairs { "udp", "tls", "ws" } do
    scenario("twenty calls at once over " .. transport, function(t)
      local alice, bob = pair(t, transport, transport)
      bob:auto { ring = "10ms", answer = "50ms" }
      local calls = {}
      for i = 1, 20 do calls[i] = alice:invite(bob.uri) end
      for i = 1, 20 do calls[i]:wait("confirmed") end
      for i = 1, 20 do calls[i] = calls[i]:bye() end
      for i = 1, 20 do calls[i]:response(200) end
      expect(#t:messages("dut->>bob: BYE")):equals(20)
    end)
  end

  scenario("their connection breaks, and the next request makes another", function(t)
    local alice, bob = pair(t, "tcp", "tcp")
    local call = alice:invite(bob.uri)
    local leg = bob:expect_invite { within = "10s" }
    leg:answer()
    call:wait("confirmed")
    leg:wait("confirmed")
    t.net:reset("alice", t.dut)
    t:sleep("100ms")
    call:reinvite():response(200)
    call:bye():response(200)
    leg:wait("terminated")
  end)
end)

-- Played with another algorithm, and nonces that live for a second.
group("digest", { net = "real", timeout = "30s" }, function()
  scenario("SHA-256, and a nonce that is too old", function(t)
    local alice = agent(t, "alice", "udp")
    local registration = alice:register(t.dut)
    registration:wait("registered")
    t:sleep("2.5s")
    registration:refresh():response(200)
    t:flow([[
      alice->>dut: REGISTER [!Authorization]
      dut->>alice: 401 [WWW-Authenticate ~ "algorithm=SHA-256"]
      alice->>dut: REGISTER [Authorization ~ "algorithm=SHA-256", Authorization ~ "nc=00000001"]
      dut->>alice: 200 REGISTER
      alice->>dut: REGISTER [Authorization ~ "nc=00000002"]
      dut->>alice: 401 [WWW-Authenticate ~ "stale=true"]
      alice->>dut: REGISTER [Authorization ~ "nc=00000001"]
      dut->>alice: 200 REGISTER
    ]])
  end)
end)
