-- Registrations of an agent, RFC 3261 §10.2, against registrars and against wires that answer what they like.

local function ask(t, opts)
  local alice, reg = t:agent("alice"), t:wire("reg")
  return alice, reg, alice:register(reg, opts)
end

local function grant(reg, register, seconds)
  return reg:reply(register, 200, { headers = { Contact = register:header("Contact") .. ";expires=" .. seconds } })
end

group("registrations", function()
  -- RFC 3665 §2.1
  scenario("2.1 a new registration", function(t)
    local reg = t:registrar("reg", { domain = "biloxi.example.com", users = { bob = "zanzibar" } })
    local bob = t:agent("bob", { uri = "sip:bob@biloxi.example.com", auth = { user = "bob", password = "zanzibar" } })
    bob:register(reg):wait("registered")
    t:flow [[
      bob->>reg: REGISTER [uri.text = "sip:biloxi.example.com", to.uri.user = "bob", !Authorization]
      reg->>bob: 401 [WWW-Authenticate]
      bob->>reg: REGISTER [Authorization, CSeq.number = 2]
      reg->>bob: 200 REGISTER [Contact]
    ]]
  end)

  -- RFC 3665 §2.2
  scenario("2.2 the list of contacts is made longer", function(t)
    local reg = t:registrar("reg", { domain = "biloxi.example.com", users = { bob = "zanzibar" } })
    local bob = t:agent("bob", { auth = { user = "bob", password = "zanzibar" } })
    bob:register(reg, { contacts = { "<sip:bob@client.biloxi.example.com>" } }):wait("registered")
    bob:register(reg, { contacts = { "<mailto:bob@biloxi.example.com>" } }):wait("registered")
    expect(#reg:bindings("sip:bob@biloxi.example.com")):equals(2)
  end)

  -- RFC 3665 §2.3
  scenario("2.3 the list of contacts is asked for", function(t)
    local reg = t:registrar("reg", { domain = "biloxi.example.com", users = { bob = "zanzibar" } })
    local bob = t:agent("bob", { auth = { user = "bob", password = "zanzibar" } })
    bob:register(reg):wait("registered")
    local fetch = bob:register(reg, { fetch = true })
    fetch:wait("registered")
    expect(#fetch.last_response:headers("Contact")):equals(1)
    t:sleep("1s")
    expect(#t:messages("bob->>reg: REGISTER [!Contact]")):equals(2) -- the second one with credentials
  end)

  -- RFC 3665 §2.4
  scenario("2.4 a registration is taken back", function(t)
    local reg = t:registrar("reg", { domain = "biloxi.example.com", users = { bob = "zanzibar" } })
    local bob = t:agent("bob", { auth = { user = "bob", password = "zanzibar" } })
    bob:register(reg):wait("registered")
    bob:register(reg, { contacts = { "*" }, expires = 0 }):wait("unregistered")
    expect(#reg:bindings("sip:bob@biloxi.example.com")):equals(0)
  end)

  -- RFC 3665 §2.5
  scenario("2.5 a registration with the wrong password", function(t)
    local reg = t:registrar("reg", { domain = "biloxi.example.com", users = { bob = "zanzibar" } })
    local bob = t:agent("bob", { auth = { user = "bob", password = "xanadu" } })
    bob:register(reg):wait("failed")
    t:flow [[
      bob->>reg: REGISTER
      reg->>bob: 401
      bob->>reg: REGISTER [Authorization]
      reg->>bob: 401
    ]]
  end)

  scenario("it has no user in its Request-URI, one Call-ID, and numbers that rise", function(t)
    local _, reg, registration = ask(t)
    local first = reg:expect("REGISTER")
    expect(first.uri.user):is_nil()
    grant(reg, first, 60)
    registration:wait("registered")
    registration:refresh()
    local second = reg:expect("REGISTER")
    expect(second.call_id):equals(first.call_id)
    expect(second.from.tag):equals(first.from.tag)
    expect(second.cseq.number):equals(first.cseq.number + 1)
    expect(second.to.tag):is_nil()
    grant(reg, second, 60)
    reg:ignore("REGISTER")
  end)

  scenario("the registrar's time counts, not the one that was asked for", { net = "sim" }, function(t)
    local _, reg, registration = ask(t, { expires = "1h" })
    grant(reg, reg:expect("REGISTER"), 60)
    registration:wait("registered")
    expect(registration.expires):between(59, 60)
    grant(reg, reg:expect("REGISTER", { within = "31s" }), 60)
    reg:ignore("REGISTER")
  end)

  for name, headers in pairs{ ["is not listed"] = { Contact = "<sip:somebody@192.0.2.9>;expires=60" },
                              ["is listed with no time"] = true, ["has no Contact at all"] = {} } do
    scenario("B62: what " .. name .. " in the 200 is not registered", function(t)
      local _, reg, registration = ask(t)
      local register = reg:expect("REGISTER")
      if headers == true then grant(reg, register, 0) else reg:reply(register, 200, { headers = headers }) end
      registration:wait("unregistered")
      expect(registration.expires):is_nil()
    end)
  end

  scenario("the time may stand in the header", function(t)
    local _, reg, registration = ask(t)
    local register = reg:expect("REGISTER")
    reg:reply(register, 200, { headers = { Contact = register:header("Contact"), Expires = "77" } })
    registration:wait("registered")
    expect(registration.expires):between(76, 77)
    reg:ignore("REGISTER")
  end)

  for _, status in ipairs{ 403, 404, 500, 503, 600 } do
    scenario("a " .. status .. " is a failure", function(t)
      local _, reg, registration = ask(t)
      reg:reply(reg:expect("REGISTER"), status)
      registration:wait("failed")
      expect(registration.last_response.status):equals(status)
    end)
  end

  scenario("a registrar that is silent is a failure", { net = "sim" }, function(t)
    local _, reg, registration = ask(t)
    reg:ignore("REGISTER")
    registration:wait("failed", { within = "33s" })
    expect(registration.last_response.generated):equals(true)
    expect(registration.last_response.status):equals(408)
  end)

  scenario("what failed can be tried again", function(t)
    local _, reg, registration = ask(t)
    reg:reply(reg:expect("REGISTER"), 503)
    registration:wait("failed")
    registration:refresh()
    grant(reg, reg:expect("REGISTER"), 60)
    registration:wait("registered")
    reg:ignore("REGISTER")
  end)

  scenario("a refresh that is refused is a failure", { net = "sim" }, function(t)
    local _, reg, registration = ask(t, { expires = "60s" })
    grant(reg, reg:expect("REGISTER"), 60)
    registration:wait("registered")
    reg:reply(reg:expect("REGISTER"), 403)
    registration:wait("failed")
  end)

  scenario("after a 423 it asks for no less than that", { net = "sim" }, function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg", { min_expires = "10m" })
    local registration = alice:register(reg, { contacts = { "<sip:a@192.0.2.1>;expires=60", "<sip:b@192.0.2.2>" },
                                               expires = "90s" })
    registration:wait("registered")
    t:sleep("599s")
    local asked = t:messages("alice->>reg: REGISTER")
    expect(#asked):equals(3) -- brief, longer, and the refresh, which is long enough from the start
    expect(asked[3]:header("Expires")):equals("600")
    expect(asked[3].contact[1].params.expires):equals("600")
  end)

  scenario("B62: a 423 that asks for less than it got is the last word", function(t)
    local _, reg, registration = ask(t, { expires = "1m" })
    for _ = 1, 2 do reg:reply(reg:expect("REGISTER"), 423, { headers = { ["Min-Expires"] = "120" } }) end
    registration:wait("failed")
    reg:expect_none("REGISTER", "1s")
  end)

  scenario("a 423 without a time, or with none that there is, is a failure", function(t)
    local _, reg, registration = ask(t)
    reg:reply(reg:expect("REGISTER"), 423, { headers = { ["Min-Expires"] = "99999999999999999999" } })
    registration:wait("failed")
  end)

  scenario("a service route is where other requests go", function(t)
    local alice, out = t:agent("alice"), t:wire("out") -- RFC 3608
    local reg = t:registrar("reg", { service_route = "<sip:" .. out.address .. ";lr>" })
    local registration = alice:register(reg)
    registration:wait("registered")
    local tx = alice:options("sip:bob@example.org")
    local options = out:expect("OPTIONS")
    expect(options:header("Route")):equals("<sip:" .. out.address .. ";lr>")
    expect(options.uri.host):equals("example.org")
    out:reply(options, 200)
    tx:response(200)
  end)

  scenario("subscriptions and publications go there, too", function(t)
    local out, bob = t:wire("out"), t:agent("bob") -- bob's address is known: it is of no use here
    local alice = t:agent("alice")
    local reg = t:registrar("reg", { service_route = "<sip:" .. out.address .. ";lr>" })
    alice:register(reg):wait("registered")
    local watch = alice:subscribe(bob, "presence")
    local asked = out:expect("SUBSCRIBE")
    expect(asked:header("Route")):equals("<sip:" .. out.address .. ";lr>")
    out:reply(asked, 403)
    watch:response(403)
    local state = alice:publish(bob, "presence", "<presence/>")
    asked = out:expect("PUBLISH")
    expect(asked:header("Route")):equals("<sip:" .. out.address .. ";lr>")
    out:reply(asked, 403)
    state:response(403)
  end)

  scenario("an instance and its flow", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg", { domain = "example.com" })
    alice:register(reg, { instance = "urn:uuid:00000000-0000-1000-8000-000A95A0E128", reg_id = 1, q = 0.5,
                          headers = { Supported = "path, outbound" } }):wait("registered")
    local binding = reg:bindings("sip:alice@example.com")[1]
    expect(binding.instance):equals("<urn:uuid:00000000-0000-1000-8000-000A95A0E128>")
    expect(binding.reg_id):equals(1)
    expect(binding.q):equals(0.5)
  end)

  scenario("an agent that stops takes its registration back", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg", { domain = "example.com" })
    alice:register(reg):wait("registered")
    alice:stop()
    reg:expect("REGISTER [Expires = 0]")
    expect(#reg:bindings("sip:alice@example.com")):equals(0)
  end)

  scenario("one that crashes does not, and knows nothing of it any more", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg", { domain = "example.com" })
    local registration = alice:register(reg)
    registration:wait("registered")
    alice:crash()
    expect(#reg:bindings("sip:alice@example.com")):equals(1)
    expect(function() registration:refresh() end):raises("REGISTER")
  end)

  scenario("mistakes name their mend", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg")
    local registration = alice:register(reg)
    expect(function() registration:refresh() end):raises("has no answer yet")
    registration:wait("registered")
    expect(function() registration:wait("active") end):raises("never 'active'")
    expect(function() alice:register(reg, { expires = "1.5s" }) end):raises("whole seconds")
    expect(function() alice:register(reg, { reg_id = 1 }) end):raises("wants an instance")
    expect(function() alice:register(reg, { expire = "5s" }) end):raises("did you mean 'expires'")
    local theirs, urn = "<sip:a@192.0.2.1>", "urn:uuid:00000000-0000-1000-8000-000A95A0E128"
    for _, wrong in ipairs {
      { { q = {} }, "from 0 to 1" }, { { q = 2 }, "from 0 to 1" }, { { q = 0.5, fetch = true }, "'fetch' leaves out" },
      { { contact = theirs, q = 0.5 }, "write it into the value" },
      { { contacts = { theirs }, instance = urn, reg_id = 1 }, "'contacts' leaves out" },
      { { contacts = { theirs }, contact = theirs }, "not both" },
      { { contacts = { theirs }, fetch = true }, "without any Contact" }, { { instance = "<" .. urn .. ">" }, "without brackets" },
      { { aor = "alice@example.com" }, "is a URI" }, { { aor = "" }, "is a URI" },
    } do
      expect(function() alice:register(reg, wrong[1]) end):raises(wrong[2])
    end
  end)
end)
