-- Flows of registrations, RFC 5626 §4: kept alive, and made anew when they fail. What is waited for is virtual
-- minutes, so that most of it is simulated only.

local tcp = { transport = "tcp" }
local one = { instance = "urn:uuid:00000000-0000-1000-8000-000A95A0E128", reg_id = 1 }

local function with(more)
  local opts = { instance = one.instance, reg_id = 1 }
  for name, value in pairs(more or {}) do opts[name] = value end
  return opts
end

-- A wire that is the registrar: its 200, with these headers too.
local function grant(reg, register, headers)
  local all = { Contact = register:header("Contact") .. ";expires=600", Require = "outbound" }
  for name, value in pairs(headers or {}) do all[name] = value end
  return reg:reply(register, 200, { headers = all })
end

local function registered(t, headers, opts)
  local alice, reg = t:agent("alice", tcp), t:wire("reg", tcp)
  local registration = alice:register(reg, with(opts))
  local register = reg:expect("REGISTER")
  grant(reg, register, headers)
  registration:wait("registered")
  return alice, reg, registration, reg:expect_connect(), register
end

-- The time until so many more bytes have come by the connection.
local function until_bytes(t, connection, more)
  local before, began = connection.bytes, t:now()
  while connection.bytes < before + more do t:sleep("100ms") end
  return t:now() - began
end

group("outbound", { net = "sim" }, function()
  scenario("RFC 5626 §4.2.1: it says that it knows of flows, and which one this is", function(t)
    local alice, reg = t:agent("alice", tcp), t:registrar("reg", { transport = "tcp", domain = "example.com" })
    local registration = alice:register(reg, one)
    registration:wait("registered")
    local asked = t:messages("alice->>reg: REGISTER")[1]
    expect(asked:header("Supported")):equals("path, outbound")
    expect(asked.contact[1].params["reg-id"]):equals("1")
    expect(asked.contact[1].params["+sip.instance"]):contains(one.instance)
    expect(registration.last_response:header("Require")):equals("outbound")
    expect(registration.last_response:header("Flow-Timer")):is_nil()
    expect(reg:bindings("sip:alice@example.com")[1].reg_id):equals(1)
  end)

  scenario("RFC 5626 §4.4: a ping after 80 to 100 per cent of the Flow-Timer, another draw each time", function(t)
    local _, reg, _, connection = registered(t, { ["Flow-Timer"] = "60" })
    local seen, began = {}, connection.bytes
    for i = 1, 5 do
      seen[i] = until_bytes(t, connection, 4)
      expect(seen[i], "ping " .. i):between(47.9, 60.2)
      connection:write("\r\n")
    end
    expect(math.max(table.unpack(seen)) - math.min(table.unpack(seen))):at_least(0.5)
    expect(connection.state):equals("open")
    t:sleep("1s")
    expect(connection.bytes - began):equals(5 * 4)         -- a pong is not answered, however many there were
    reg:ignore("REGISTER")
  end)

  for name, value in pairs { ["no Flow-Timer"] = false, ["a Flow-Timer of 0"] = "0", ["one that is no number"] = "soon" } do
    scenario("RFC 5626 §4.4.1: with " .. name .. " a ping comes after 96 to 120 seconds", function(t)
      local _, reg, _, connection = registered(t, { ["Flow-Timer"] = value or nil })
      expect(until_bytes(t, connection, 4)):between(95.9, 120.2)
      connection:write("\r\n")
      reg:ignore("REGISTER")
    end)
  end

  scenario("RFC 5626 §4.2.1: no pings where the registrar does not say outbound", function(t)
    local _, reg, _, connection = registered(t, { Require = false })
    local before = connection.bytes
    t:sleep("4m")
    expect(connection.bytes):equals(before)
    reg:ignore("REGISTER")
  end)

  scenario("RFC 5626 §4.4.1, §4.5: without a pong the flow has failed, and another takes its place", function(t)
    local _, reg, registration, connection, first = registered(t, { ["Flow-Timer"] = "60" })
    until_bytes(t, connection, 4)
    expect((connection:expect_close { within = "11s" })):equals("reset")
    local again = reg:expect("REGISTER")
    expect(reg:expect_connect()):never():equals(connection)
    expect(again.call_id):equals(first.call_id)
    expect(again.cseq.number):equals(first.cseq.number + 1)
    expect(again.contact[1].params["reg-id"]):equals("1")
    grant(reg, again)
    expect(registration.state):equals("registered")
    reg:ignore("REGISTER")
  end)

  scenario("RFC 5626 §4.5: a flow that is reset is made anew at once", function(t)
    local alice, reg = t:agent("alice", tcp), t:registrar("reg", { transport = "tcp", domain = "example.com" })
    local registration = alice:register(reg, one)
    registration:wait("registered")
    t:sleep("10s")
    t:mark()
    t.net:reset("alice", "reg")
    t:flow [[
      alice->>reg: REGISTER [CSeq.number = 2]
      reg->>alice: 200
    ]]
    expect(t:now()):between(10, 10.1)
    expect(registration.state):equals("registered")
    expect(#reg:bindings("sip:alice@example.com")):equals(1)
  end)

  scenario("RFC 5626 §4.5: who is not there is asked again, after longer and longer times", function(t)
    local alice, reg = t:agent("alice", tcp), t:registrar("reg", { transport = "tcp", domain = "example.com" })
    local registration = alice:register(reg, one)
    registration:wait("registered")
    reg:crash()
    registration:wait("failed")
    local since = t:now()
    t:sleep("3m")                                          -- tries at 30 to 60 s, and 60 to 120 s after that
    reg:restart()
    registration:wait("registered", { within = "5m" })
    expect(t:now() - since):between(210, 420)              -- the third or fourth one
    expect(#reg:bindings("sip:alice@example.com")):equals(1)
  end)

  scenario("RFC 5626 §4.5: a Retry-After that is longer is waited for", function(t)
    local alice, reg = t:agent("alice", tcp), t:wire("reg", tcp)
    local registration = alice:register(reg, one)
    reg:reply(reg:expect("REGISTER"), 503, { headers = { ["Retry-After"] = "200" } })
    registration:wait("failed")
    local since = t:now()
    grant(reg, reg:expect("REGISTER", { within = "5m" }))
    expect(t:now() - since):between(199.9, 200.1)
    registration:wait("registered")
    reg:ignore("REGISTER")
  end)

  for _, status in ipairs { 403, 404, 439 } do
    scenario("RFC 5626 §4.2.1: a " .. status .. " is no failure of the flow, and the last word", function(t)
      local alice, reg = t:agent("alice", tcp), t:wire("reg", tcp)
      local registration = alice:register(reg, one)
      reg:reply(reg:expect("REGISTER"), status)
      registration:wait("failed")
      reg:expect_none("REGISTER", "5m")
    end)
  end

  scenario("refresh = false leaves all of that to the scenario", function(t)
    local alice, reg = t:agent("alice", tcp), t:registrar("reg", { transport = "tcp", domain = "example.com" })
    local registration = alice:register(reg, with { refresh = false, expires = "10m" })
    registration:wait("registered")
    t.net:reset("alice", "reg")
    t:sleep("2m")
    expect(#t:messages("alice->>reg: REGISTER")):equals(1)
  end)

  scenario("a registration that is taken back lets its flow be", function(t)
    local alice, reg, registration, connection = registered(t, { ["Flow-Timer"] = "60" })
    registration:terminate()
    local last = reg:expect("REGISTER [Expires = 0]")
    reg:reply(last, 200)
    registration:wait("unregistered")
    local before = connection.bytes
    t:sleep("3m")
    expect(connection.bytes):equals(before)
    expect(alice.name):equals("alice")
  end)

  scenario("a flow that is kept alive is not idle", { timeout = "1h" }, function(t)
    local alice = t:agent("alice", tcp)
    local reg = t:registrar("reg", { transport = "tcp", domain = "example.com", flow_timer = "120s", expires = "1h" })
    local registration = alice:register(reg, with { expires = "1h" })
    registration:wait("registered")
    expect(registration.last_response:header("Flow-Timer")):equals("120")
    t:sleep("50m")
    expect(#t:messages("alice->>reg: REGISTER")):equals(1)
    expect(registration.state):equals("registered")
  end)

  scenario("two flows fail one by one: each has a registration of its own", function(t)
    local alice = t:agent("alice", tcp)
    local east = t:registrar("east", { transport = "tcp", domain = "example.com" })
    local west = t:registrar("west", { transport = "tcp", domain = "example.com" })
    local first, second = alice:register(east, one), alice:register(west, with { reg_id = 2 })
    first:wait("registered")
    second:wait("registered")
    t.net:reset("alice", "west")
    t:sleep("1s")
    expect(#t:messages("alice->>east: REGISTER")):equals(1)
    expect(#t:messages("alice->>west: REGISTER")):equals(2)
    west:crash()
    second:wait("failed")
    local since = t:now()
    west:restart()
    second:wait("registered", { within = "5m" })
    expect(t:now() - since):between(90, 180)               -- §4.5: 90 seconds and more while another one is up
  end)
end)

scenario("RFC 5626 §4.3: our Contact says ob, so that requests come by the flow", function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  local reg = t:registrar("reg", { transport = "tcp", domain = "example.com" })
  local registration = alice:register(reg, one)
  registration:wait("registered")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  expect(leg.request.contact[1].uri.params.ob):exists()
  leg:answer()
  call:wait("confirmed")
  call:bye():response(200)
  registration:terminate():response(200)
  call = alice:invite(bob)
  leg = bob:expect_invite()
  expect(leg.request.contact[1].uri.params.ob):is_nil()
  leg:reject(486)
  call:expect(486)
end)

-- An edge proxy, the registrar of the domain behind it, and alice's phone registered through both.
local function edge(t)
  local home = t:proxy("home", { transport = "tcp", domain = "example.com", registrar = true })
  local proxy = t:proxy("edge", { transport = "tcp", path = true, record_route = true, routes = { ["@example.com"] = home } })
  local phone = t:agent("phone", { transport = "tcp", outbound = proxy, uri = "sip:alice@example.com" })
  local bob = t:agent("bob", { transport = "tcp", outbound = home })
  return phone, proxy, home, bob
end

scenario("RFC 5626 §5.1, §5.2: an edge proxy says ob, and by which connection, in its Path", function(t)
  local phone, proxy, home, bob = edge(t)
  local registration = phone:register("sip:example.com", one)
  registration:wait("registered")
  expect(registration.last_response:header("Require")):equals("outbound")
  local path = home:bindings("sip:alice@example.com")[1].path
  expect(path[#path]):matches("^<sip:flow-[^@]+@.*;ob;lr>$")
  local call = bob:invite("sip:alice@example.com")
  local leg = phone:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  call:bye():response(200)
end)

scenario("RFC 5626 §5.3.1: who registered through it is reached by that connection, wherever his Contact leads", function(t)
  local _, proxy, _, bob = edge(t)
  local w = t:wire("w", tcp)
  local connection = w:connect(proxy)
  w:send(proxy, { method = "REGISTER", uri = "sip:example.com", headers = { To = "<sip:alice@example.com>",
    Contact = '<sip:alice@192.0.2.99;transport=tcp>;reg-id=1;+sip.instance="<urn:uuid:1>"', Supported = "path, outbound" } })
  w:expect("200 REGISTER")
  local before = connection.bytes
  local call = bob:invite("sip:alice@example.com")
  local invite = w:expect("INVITE")
  expect(connection.bytes):at_least(before + #invite.raw)
  w:reply(invite, 486, { to_tag = "w" })
  w:expect("ACK")
  call:expect(486)
end)

-- A wire that is registered by its connection: with the registrar itself, or behind an edge proxy.
local function by_hand(t, first_hop, contact)
  local w = t:wire("w", tcp)
  local connection = w:connect(first_hop)
  w:send(first_hop, { method = "REGISTER", uri = "sip:example.com", headers = { To = "<sip:alice@example.com>",
    Contact = (contact or "<sip:alice@192.0.2.99;transport=tcp>") .. ';reg-id=1;+sip.instance="<urn:uuid:1>"',
    Supported = "path, outbound" } })
  w:expect("200 REGISTER")
  return w, connection
end

scenario("RFC 5626 §7: a connection that is gone is not opened anew: a 480", function(t)
  local home = t:proxy("home", { transport = "tcp", domain = "example.com", registrar = true })
  local bob = t:agent("bob", { transport = "tcp", outbound = home })
  local w, connection = by_hand(t, home)
  connection:reset()
  t:sleep("10ms")
  local call = bob:invite("sip:alice@example.com")
  call:expect(480)
  expect(#t:messages("home->>*: INVITE")):equals(0)
  expect(w.name):equals("w")
end)

scenario("RFC 5626 §7: with a connection all bindings end that go by it, and no others", function(t)
  local home = t:proxy("home", { transport = "tcp", domain = "example.com", registrar = true })
  local w, second = t:wire("w", tcp), t:wire("second", tcp)
  local function register(wire, user, params)
    wire:send(home, { method = "REGISTER", uri = "sip:example.com", headers = {
      To = "<sip:" .. user .. "@example.com>", Supported = "path, outbound",
      Contact = "<sip:" .. user .. "@192.0.2.99;transport=tcp>" .. params } })
    wire:expect("200 REGISTER")
  end
  local function bindings()
    local counts = {}
    for i, user in ipairs { "alice", "bob", "carol", "dave" } do
      counts[i] = #home:bindings("sip:" .. user .. "@example.com")
    end
    return table.concat(counts, " ")
  end
  local connection = w:connect(home)
  local flow = ';reg-id=1;+sip.instance="<urn:uuid:%d>"'
  register(w, "alice", flow:format(1))
  register(w, "bob", flow:format(2))
  register(w, "carol", "")                                   -- reached at her address
  register(second, "dave", flow:format(3))
  register(second, "alice", flow:format(4))
  expect(bindings()):equals("2 1 1 1")
  connection:close()
  t:sleep("10ms")
  expect(bindings()):equals("1 0 1 1")
  register(w, "bob", flow:format(2))
  expect(bindings()):equals("1 1 1 1")
end)

scenario("RFC 5626 §7: over UDP requests go to where the REGISTER came from, until nothing gets there", function(t)
  local home = t:proxy("home", { domain = "example.com", registrar = true })
  local bob = t:agent("bob", { outbound = home })
  local w = t:wire("w")
  w:send(home, { method = "REGISTER", uri = "sip:example.com", headers = { To = "<sip:alice@example.com>",
    Contact = '<sip:alice@192.0.2.99>;reg-id=1;+sip.instance="<urn:uuid:1>"', Supported = "path, outbound" } })
  w:expect("200 REGISTER")
  local call = bob:invite("sip:alice@example.com")
  w:reply(w:expect("INVITE"), 486, { to_tag = "w" })
  w:expect("ACK")
  call:expect(486)
  t.net:refuse("w")
  bob:invite("sip:alice@example.com"):expect(500)
  expect(#home:bindings("sip:alice@example.com")):equals(0)
  bob:invite("sip:alice@example.com"):expect(480)
  expect(#t:messages("home->>w: INVITE")):equals(2)
end)

scenario("RFC 5626 §7: a proxy that is elsewhere knows nothing of the registrar's connections", function(t)
  local reg = t:registrar("reg", { transport = "tcp", domain = "example.com" })
  local proxy = t:proxy("proxy", { transport = "tcp", domain = "example.com", registrar = reg })
  local phone = t:agent("phone", { transport = "tcp", uri = "sip:alice@example.com" })
  local bob = t:agent("bob", { transport = "tcp", outbound = proxy })
  phone:register(reg, one):wait("registered")
  local call = bob:invite("sip:alice@example.com")           -- bob's is its first connection, as the phone's is reg's
  phone:expect_invite():answer()
  call:wait("confirmed")
  call:bye():response(200)
end)

scenario("RFC 5626 §7: of two flows of one phone one is asked at a time, the other where that has failed", function(t)
  local home = t:proxy("home", { transport = "tcp", domain = "example.com", registrar = true })
  local bob = t:agent("bob", { transport = "tcp", outbound = home })
  local function flow(name, reg_id)
    local w = t:wire(name, tcp)
    local connection = w:connect(home)
    w:send(home, { method = "REGISTER", uri = "sip:example.com", headers = { To = "<sip:alice@example.com>",
      Contact = "<sip:alice@192.0.2.99;transport=tcp>;reg-id=" .. reg_id .. ';+sip.instance="<urn:uuid:1>"',
      Supported = "path, outbound" } })
    w:expect("200 REGISTER")
    t:sleep("10ms")
    return w, connection
  end
  local first, second = flow("first", 1), flow("second", 2)
  local function busy(w)
    local call = bob:invite("sip:alice@example.com")
    w:reply(w:expect("INVITE"), 486, { to_tag = "w" })
    w:expect("ACK")
    call:expect(486)                                         -- §7: it has answered, no other flow is asked
  end
  busy(second)                                               -- the newest
  second:reset()
  t:sleep("10ms")
  busy(first)
  first:reset()
  t:sleep("10ms")
  bob:invite("sip:alice@example.com"):expect(480)
end)

scenario("RFC 5626 §5.3.1: an edge proxy says 430 to the proxy behind it", function(t)
  local _, proxy, home, bob = edge(t)
  local _, connection = by_hand(t, proxy)
  connection:reset()
  t:sleep("10ms")
  local call = bob:invite("sip:alice@example.com")
  call:expect(480)                                           -- RFC 5626 §11.5: no endpoint sees a 430
  t:flow([[
    bob->>home: INVITE
    home->>edge: INVITE
    edge->>home: 430
    home->>edge: ACK
  ]], { loose = true })
  expect(home.name):equals("home")
end)

scenario("RFC 5626 §5.3.2: requests within a dialog come by the flow of who says ob", function(t)
  local phone, _, _, bob = edge(t)
  phone:register("sip:example.com", one):wait("registered")
  local call = phone:invite("sip:bob@" .. bob.address .. ";transport=tcp")
  local leg = bob:expect_invite()
  expect(leg.request.record_route[1].uri.user):is_nil()      -- towards bob
  expect(leg.request.record_route[2].uri.user):matches("^flow-")
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye():response(200)
  call:wait("terminated")
end)

scenario("RFC 5626 §6: through a proxy that knows nothing of flows it is a 439", function(t)
  local proxy = t:proxy("proxy", { transport = "tcp", domain = "example.com",
                                   registrar = t:registrar("reg", { transport = "tcp", domain = "example.com" }) })
  local alice = t:agent("alice", { transport = "tcp", outbound = proxy, uri = "sip:alice@example.com" })
  local registration = alice:register(proxy, one)
  registration:wait("failed")
  expect(registration.last_response.status):equals(439)
  local plain = alice:register(proxy)                        -- the choice is the scenario's
  plain:wait("registered")
end)
