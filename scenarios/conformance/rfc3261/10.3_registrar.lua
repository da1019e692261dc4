-- RFC 3261 §10.3: what a registrar keeps, and gives back. Each address of record is emptied first.
local device = require("_device")

local function register(t, agent, contacts, extra)
  return device.register(t, agent, agent.name, contacts, extra)
end

local function listed(t, agent)
  local uris = {}
  for i, contact in ipairs(register(t, agent).contact or {}) do uris[i] = tostring(contact.uri) end
  table.sort(uris)
  return table.concat(uris, " ")
end

-- Alice has an account, and is registered nowhere.
local function alice(t, opts)
  opts = opts or {}
  opts.account = "alice"
  local agent = t:agent("alice", opts)
  device.emptied(t, agent, "alice")
  return agent
end

local ONE, TWO, THREE = "<sip:alice@192.0.2.1>", "<sip:alice@192.0.2.2>", "<sip:alice@192.0.2.3>"

group("registrar", { needs = { "registrar" }, tags = { "registrar" } }, function()
  scenario("a Contact is registered, fetched, and taken back",
    { covers = { "REG-007", "REG-008b", "REG-021" } }, function(t)
    local a = alice(t)
    local ok = register(t, a, ONE, { Expires = "600" })
    expect(ok.status):equals(200)
    expect(#(ok.contact or {}), "Contacts"):equals(1)
    expect(tonumber(ok.contact[1].params.expires)):between(590, 600)
    expect(listed(t, a)):equals("sip:alice@192.0.2.1")
    expect(register(t, a, ONE, { Expires = "0" }).status):equals(200)
    expect(listed(t, a)):equals("")
  end)

  scenario("over TCP, too", { needs = { "tcp" }, covers = { "REG-007" } }, function(t)
    local a = alice(t, { transport = "tcp" })
    expect(register(t, a, ONE).status):equals(200)
    expect(listed(t, a)):equals("sip:alice@192.0.2.1")
  end)

  scenario("each Contact has a time of its own", { covers = { "REG-007", "REG-008" } }, function(t)
    local a = alice(t)
    local ok = register(t, a, { ONE .. ";expires=300", TWO }, { Expires = "900" })
    local times = {}
    for _, contact in ipairs(ok.contact or {}) do times[contact.uri.host] = tonumber(contact.params.expires) end
    expect(times["192.0.2.1"]):between(290, 300)
    expect(times["192.0.2.2"]):between(890, 900)
  end)

  scenario("several Contacts are kept, and one goes alone", { covers = { "REG-007", "MSG-001" } }, function(t)
    local a = alice(t)
    register(t, a, { ONE .. ";q=0.2", TWO .. ";q=0.8" })
    register(t, a, THREE)
    expect(listed(t, a)):equals("sip:alice@192.0.2.1 sip:alice@192.0.2.2 sip:alice@192.0.2.3")
    register(t, a, TWO .. ";expires=0")
    expect(listed(t, a)):equals("sip:alice@192.0.2.1 sip:alice@192.0.2.3")
  end)

  scenario("the rank of a Contact comes back", { covers = { "REG-007" } }, function(t)
    local a = alice(t)
    register(t, a, { ONE .. ";q=0.2", TWO .. ";q=0.8" })
    local back = register(t, a).contact or {}
    expect(#back, "Contacts"):equals(2)
    for _, contact in ipairs(back) do
      expect(tonumber(contact.params.q)):equals(contact.uri.host == "192.0.2.1" and 0.2 or 0.8)
    end
  end)

  scenario("the star takes all away", { covers = { "REG-010" } }, function(t)
    local a = alice(t)
    register(t, a, { ONE, TWO })
    expect(register(t, a, "*", { Expires = "0" }).status):equals(200)
    expect(listed(t, a)):equals("")
  end)

  for name, wrong in pairs {
    ["with a time"] = { "*", { Expires = "60" } },
    ["without Expires"] = { "*" },
    ["beside another"] = { { "*", TWO }, { Expires = "0" } },
  } do
    scenario("a star " .. name .. " is a 400, and changes nothing", { covers = { "REG-009", "REG-012" } }, function(t)
      local a = alice(t)
      register(t, a, ONE)
      expect(register(t, a, wrong[1], wrong[2]).status):equals(400)
      t:sleep("100ms")                                       -- who thinks it malformed may have closed a stream
      expect(listed(t, a)):equals("sip:alice@192.0.2.1")
    end)
  end

  scenario("of one Call-ID only a higher number counts", { covers = { "REG-011" } }, function(t)
    local a = alice(t)
    local id = sip.call_id()
    local function numbered(number, expires)
      return register(t, a, ONE, { ["Call-ID"] = id, CSeq = number .. " REGISTER", Expires = expires }).status
    end
    expect(numbered(50, "600")):equals(200)
    expect(numbered(40, "0")):never():equals(200)
    expect(listed(t, a)):equals("sip:alice@192.0.2.1")
  end)

  for name, star in pairs { ["a Contact"] = false, ["the star"] = true } do
    scenario("an older number takes nothing away, by " .. name, { covers = { star and "REG-010b" or "REG-011" } },
      function(t)
        local a, id = alice(t), sip.call_id()
        local function numbered(number, contacts, expires)
          return register(t, a, contacts, { ["Call-ID"] = id, CSeq = number .. " REGISTER", Expires = expires }).status
        end
        expect(numbered(50, { ONE, TWO }, "600")):equals(200)
        expect(numbered(40, star and "*" or ONE, "0")):at_least(300)
        expect(listed(t, a)):equals("sip:alice@192.0.2.1 sip:alice@192.0.2.2")
      end)
  end

  scenario("of a request that cannot be done whole nothing is done, and it is a 500",
    { covers = { "REG-012", "REG-012b" } }, function(t)
      local a, id = alice(t), sip.call_id()
      local function numbered(number, contacts)
        return register(t, a, contacts, { ["Call-ID"] = id, CSeq = number .. " REGISTER", Expires = "600" }).status
      end
      expect(numbered(50, ONE)):equals(200)
      expect(numbered(40, { TWO, ONE })):equals(500)
      expect(listed(t, a)):equals("sip:alice@192.0.2.1")
    end)

  scenario("another Call-ID changes a binding, whatever its number", { covers = { "REG-N05" } }, function(t)
    local a = alice(t)
    local function first(expires)
      return register(t, a, ONE, { ["Call-ID"] = sip.call_id(), CSeq = "1 REGISTER", Expires = expires })
    end
    register(t, a, ONE, { CSeq = "70 REGISTER", Expires = "3600" })
    local ok = first("600")
    expect(ok.status):equals(200)
    expect(tonumber(ok.contact[1].params.expires)):between(590, 600)
    expect(first("0").status):equals(200)
    expect(listed(t, a)):equals("")
  end)

  for _, expires in ipairs { "0", "3600", "7200" } do
    scenario(expires .. " s are never too brief", { covers = { "REG-N04" } }, function(t)
      expect(register(t, alice(t), ONE, { Expires = expires }).status):equals(200)
    end)
  end

  scenario("a second is little: 423, or no more than that", { covers = { "REG-013" } }, function(t)
    expect(register(t, alice(t), ONE .. ";expires=1").status):one_of { 200, 423 }
  end)

  for id, odd in pairs { ["REG-016"] = { "an escaped letter", "%%61lice", "" },
                         ["REG-016b"] = { "parameters", "alice", ";user=phone;foo=bar" } } do
    scenario("an address with " .. odd[1] .. " is the same address", { covers = { id } }, function(t)
      local a = alice(t)
      local own = "<" .. t.dut:at("alice"):gsub("alice", odd[2]) .. odd[3] .. ">"
      expect(register(t, a, ONE, { To = own }).status):equals(200)
      expect(listed(t, a)):equals("sip:alice@192.0.2.1")
    end)
  end

  scenario("an address of another domain is a 404 or a 403", { covers = { "REG-014" } }, function(t)
    local refused = register(t, alice(t), ONE, { To = "<sip:alice@elsewhere.invalid>" })
    expect(refused.status):one_of { 403, 404 }
  end)

  scenario("a header inside a Contact is kept as it was escaped", { covers = { "REG-020" } }, function(t)
    local a = alice(t)                                        -- RFC 4475 §3.3.14
    register(t, a, "<sip:alice@192.0.2.1?Route=%3Csip:sip.example.com%3E>")
    expect(register(t, a):header("Contact")):contains("?Route=%3Csip:sip.example.com%3E")
  end)

  scenario("a binding runs out", { covers = { "REG-007", "REG-008b" } }, function(t)
    local a = alice(t)
    local ok = register(t, a, ONE, { Expires = "1" })
    if ok.status == 423 then t:skip("it takes no registration as brief as a second") end
    local life = tonumber(ok.contact[1].params.expires)
    if life > 5 then t:skip("its shortest registration is of " .. life .. " s") end
    t:sleep(life + 1.5)
    expect(listed(t, a)):equals("")
  end)

  scenario("what is too brief is a 423 with Min-Expires, and nothing lasts longer than was asked",
    { covers = { "REG-013b", "REG-008" } }, function(t)
      local ok = register(t, alice(t), ONE, { Expires = "1" })
      if ok.status == 423 then
        expect(tonumber(ok:header("Min-Expires"))):at_least(2)
      else
        expect(tonumber(ok.contact[1].params.expires)):equals(1)
      end
    end)

  scenario("an extension that nobody knows is a 420", { covers = { "UAS-005", "REG-N01" } }, function(t)
    local a = alice(t)
    local refused = register(t, a, ONE, { Require = "nothingSupportsThis" })
    expect(refused.status):equals(420)
    expect(refused:header("Unsupported")):contains("nothingSupportsThis")
    expect(listed(t, a)):equals("")
  end)

  scenario("Record-Route is of no interest", { covers = { "REG-015" } }, function(t)
    local a = alice(t)
    local ok = register(t, a, ONE, { ["Record-Route"] = "<sip:192.0.2.9;lr>" })
    expect(ok.status):equals(200)
    expect(ok:header("Record-Route")):is_nil()
  end)

  scenario("a path is kept, and given back", { needs = { "path" }, covers = { "REG-024" } }, function(t)
    local a = alice(t)
    local path = "<sip:192.0.2.9;lr>"
    expect(register(t, a, ONE, { Path = path, Supported = "path" }):header("Path")):equals(path)
  end)

  scenario("an odd parameter of a Contact stays with it", { covers = { "REG-019", "MSG-019b" } }, function(t)
    local a = alice(t)
    register(t, a, "<sip:alice@192.0.2.1;odd=1>")
    expect(listed(t, a)):contains(";odd=1")
  end)

  scenario("a 200 says what time it is", { covers = { "REG-018" } }, function(t) -- §10.3 step 8: SHOULD
    expect(register(t, alice(t), ONE):header("Date")):matches("GMT$")
  end)
end)

group("registrar", { needs = { "registrar", "digest" }, tags = { "registrar", "digest" } }, function()
  scenario("nobody registers without a password", { covers = { "AUT-002", "AUT-004", "MSG-005" } }, function(t)
    local stranger = t:agent("alice", { auth = false })
    local asked = register(t, stranger, ONE)
    expect(asked.status):equals(401)
    for _, challenge in ipairs(asked:headers("WWW-Authenticate")) do
      expect(challenge):matches("^Digest ")
      expect(challenge):contains("nonce=")
      expect(challenge):contains("qop=")                      -- RFC 8760 §2.6: MUST
    end
  end)

  scenario("a wrong password registers nobody", { covers = { "AUT-002" } }, function(t)
    local a = alice(t)
    local mallory = t:agent("mallory", { uri = t.dut:at("alice"), auth = { user = "alice", password = "wrong" } })
    local registration = mallory:register(t.dut)
    registration:wait("failed")
    expect(registration.last_response.status):one_of { 401, 403 }
    expect(listed(t, a)):equals("")
  end)

  scenario("nobody registers somebody else", { covers = { "REG-017", "REG-017b" } }, function(t)
    local a = alice(t)
    local bob = t:agent("bob", { account = "bob" })
    local to = "<" .. t.dut:at("alice") .. ">"
    local refused = register(t, bob, ONE, { To = to })
    expect(refused.status):equals(403)
    expect(listed(t, a)):equals("")
  end)

  scenario("a nonce that is too old is stale, and asked for anew", { covers = { "AUT-002" } }, function(t)
    local bob = t:agent("bob", { account = "bob" })
    local registration = bob:register(t.dut, { expires = "10m" })
    registration:wait("registered")
    t:sleep(param("nonce_life", "3s"))
    registration:refresh():response(200)
    t:flow [[
      bob->>dut: REGISTER
      dut->>bob: 401
      opt the first one came too late
        bob->>dut: REGISTER
        dut->>bob: 401
      end
      bob->>dut: REGISTER
      dut->>bob: 200 REGISTER
      bob->>dut: REGISTER
      dut->>bob: 401 [WWW-Authenticate ~ "(?i)stale=\"?true"]
      opt it took longer than a nonce lives to come through
        bob->>dut: REGISTER
        dut->>bob: 401 [WWW-Authenticate ~ "(?i)stale=\"?true"]
      end
      opt and again it took longer than a nonce lives to come through
        bob->>dut: REGISTER
        dut->>bob: 401 [WWW-Authenticate ~ "(?i)stale=\"?true"]
      end
      bob->>dut: REGISTER
      dut->>bob: 200 REGISTER
    ]]
  end)
end)
