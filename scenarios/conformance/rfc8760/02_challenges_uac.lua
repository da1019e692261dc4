-- RFC 8760 §2, RFC 7616 §3.3, RFC 3261 §22: which of the challenges a phone answers, how, and which it leaves alone.
local device = require("_device")

local NAMES = { [401] = { "WWW-Authenticate", "Authorization" }, [407] = { "Proxy-Authenticate", "Proxy-Authorization" } }
local PASSWORD = param("password", "dut")

-- The device calls, and is asked for all of these: the refused INVITE.
local function asked(t, w, challenges, status)
  local invite = device.calls(t, w)
  w:reply(invite, status or 401, { to_tag = "w", headers = { [NAMES[status or 401][1]] = challenges } })
  w:expect("ACK")
  return invite
end

local function refused(w, invite)
  w:reply(invite, 486, { to_tag = "x" })
  w:expect("ACK")
end

-- What it brings, if it comes again.
local function answered(t, challenges, status)
  local w = t:wire("w")
  asked(t, w, challenges, status)
  local again = w:maybe("INVITE", { within = "2s" })
  if again then refused(w, again) end
  return again, again and again:header(NAMES[status or 401][2])
end

local function holds(again)
  expect(again, "the INVITE with credentials"):exists()
  local good, why = sip.verify(again, PASSWORD)
  expect(good or why):equals(true)
end

local function challenge(more)
  local fields = { realm = "example.com", nonce = "abc" }
  for name, value in pairs(more or {}) do fields[name] = value end
  return sip.challenge(fields)
end

group("uac", { needs = { "uac", "trigger:call", "digest" }, tags = { "uac", "digest" } }, function()
  scenario("Basic is not answered", { covers = { "AUT-001b" } }, function(t)
    expect(answered(t, 'Basic realm="example.com"')):is_nil()
  end)

  scenario("of Basic and digest it is digest", { covers = { "AUT-001b" } }, function(t)
    local again, credentials = answered(t, { 'Basic realm="example.com"', challenge() })
    expect(credentials):matches("^Digest ")
    holds(again)
  end)

  scenario("credentials have their quotation marks where they must, and only there", { covers = {
    "AUT-019", "AUT-019b", "AUT-003b" } }, function(t)
      local again, credentials = answered(t, challenge { algorithm = "MD5", opaque = "x" })
      for _, name in ipairs { "username", "realm", "nonce", "uri", "response", "cnonce", "opaque" } do
        expect(credentials):matches("\\b" .. name .. '="')
      end
      for _, name in ipairs { "algorithm", "qop", "nc" } do expect(credentials):never():matches("\\b" .. name .. '="') end
      expect(credentials:match('uri="([^"]*)"')):equals(tostring(again.uri))
    end)

  scenario("the first algorithm that it knows is answered", { covers = { "AUT-012" } }, function(t) -- §2.4: SHOULD
    local again, credentials = answered(t, { challenge { algorithm = "SHA-512-256" }, challenge { algorithm = "SHA-256" },
      challenge { algorithm = "MD5" } })
    holds(again)
    expect(credentials:match("algorithm=([%w-]+)")):one_of { "SHA-512-256", "SHA-256" }
  end)

  scenario("an algorithm that nobody knows is passed over", { covers = { "AUT-012b" } }, function(t)
    local odd = challenge():gsub(", algorithm=MD5", "") .. ", algorithm=FOO-1"
    local again, credentials = answered(t, { odd, challenge { algorithm = "MD5", nonce = "known" } })
    expect(credentials):contains('nonce="known"')
    holds(again)
  end)

  scenario("an algorithm that nobody knows, alone, is not answered", { covers = { "AUT-012b" } }, function(t)
    expect(answered(t, (challenge():gsub(", algorithm=MD5", "")) .. ", algorithm=FOO-1")):is_nil()
  end)

  for _, algorithm in ipairs { "SHA-256", "SHA-512-256" } do
    scenario(algorithm .. " makes 64 digits", { covers = { "AUT-014" } }, function(t)
      local again, credentials = answered(t, challenge { algorithm = algorithm })
      if not again then t:skip("it does not know " .. algorithm) end
      expect(credentials):matches('response="[0-9a-f]{64}"')
      holds(again)
    end)
  end

  for _, algorithm in ipairs { "MD5-sess", "SHA-256-sess" } do
    scenario(algorithm .. " is answered rightly, or not at all", { covers = { "AUT-014b" } }, function(t)
      local again = answered(t, challenge { algorithm = algorithm })
      if again then holds(again) else t:skip("it does not know " .. algorithm) end
    end)
  end

  scenario("a body is proved rightly, or not at all", { covers = { "AUT-015" } }, function(t)
    local again, credentials = answered(t, challenge { qop = "auth-int" })
    if not again then t:skip("it does not know auth-int") end
    expect(credentials):matches("qop=auth-int")
    holds(again)
  end)

  scenario("without qop it is answered rightly, too", { covers = { "AUT-017" } }, function(t)
    holds((answered(t, challenge { qop = "" })))
  end)

  scenario("a qop that nobody knows is passed over", { covers = { "AUT-N03", "AUT-N52" } }, function(t)
    local again, credentials = answered(t, (challenge():gsub('qop="auth"', 'qop="foo,auth"')))
    expect(credentials):matches("\\bqop=auth(,|$)")
    holds(again)
  end)

  for _, opaque in ipairs { "", 'x\\"y' } do
    scenario("an opaque of " .. #opaque .. " octets comes back as it is", { covers = { "AUT-020" } }, function(t)
      local text = challenge() .. ', opaque="' .. opaque .. '"'   -- SHOULD
      local _, credentials = answered(t, text)
      expect(credentials):contains('opaque="' .. opaque .. '"')
    end)
  end

  scenario("of two realms one is answered at least", { covers = { "AUT-016", "AUT-016b" } }, function(t)
    local again = answered(t, { challenge { realm = "a" }, challenge { realm = "b" } }, 407)
    holds(again)
    for _, value in ipairs(again:headers("Proxy-Authorization")) do expect(value):matches('realm="[ab]"') end
  end)

  scenario("what was refused is not tried again", { covers = { "AUT-008" } }, function(t)
    local w = t:wire("w")
    asked(t, w, challenge())
    local again = w:expect("INVITE")
    w:reply(again, 401, { to_tag = "y", headers = { ["WWW-Authenticate"] = challenge { nonce = "other" } } })
    w:expect("ACK")
    w:expect_none("INVITE", "2s")
  end)

  scenario("what is stale is tried again, with the new nonce", { covers = { "AUT-007", "AUT-005" } }, function(t)
    local w = t:wire("w")
    asked(t, w, challenge())
    local again = w:expect("INVITE")
    w:reply(again, 401, { to_tag = "y", headers = { ["WWW-Authenticate"] = challenge { nonce = "new", stale = true } } })
    w:expect("ACK")
    local third = w:expect("INVITE")
    expect(third:header("Authorization")):contains('nonce="new"')
    expect(third:header("Authorization")):contains("nc=00000001")
    expect(third.cseq.number):equals(again.cseq.number + 1)
    holds(third)
    refused(w, third)
  end)

  for _, status in ipairs { 401, 407 } do
    scenario("the ACK of a 200 brings what the INVITE brought for a " .. status, { covers = { "AUT-010" } }, function(t)
      local w = t:wire("w")
      asked(t, w, challenge(), status)
      local again = w:expect("INVITE")
      device.taken(w, again)
      expect(w:expect("ACK"):headers(NAMES[status][2])):equals(again:headers(NAMES[status][2]))
    end)
  end

  scenario("what a proxy has asked once it is told by each later request", { needs = { "trigger:hangup" },
    covers = { "AUT-009" } }, function(t)                   -- §22.3: RECOMMENDED
      local w = t:wire("w")
      asked(t, w, challenge(), 407)
      local again = w:expect("INVITE")
      device.taken(w, again)
      w:expect("ACK")
      t.dut:trigger("hangup")
      local bye = w:expect("BYE")
      w:reply(bye, 200)
      expect(bye:header("Proxy-Authorization")):contains('realm="example.com"')
      expect(bye:header("Proxy-Authorization")):never():contains("nc=00000001")
      holds(bye)
    end)

  scenario("what has no body is proved as the empty one, or not at all", { needs = { "trigger:hangup" },
    covers = { "AUT-015b" } }, function(t)
      local w = t:wire("w")
      device.connected(t, w)
      t:sleep("50ms")
      t.dut:trigger("hangup")
      w:reply(w:expect("BYE"), 401, { headers = { ["WWW-Authenticate"] = challenge { qop = "auth-int" } } })
      local again = w:maybe("BYE", { within = "2s" })
      if not again then t:skip("it does not know auth-int") end
      w:reply(again, 200)
      expect(again.body):equals("")
      expect(again:header("Authorization")):matches("qop=auth-int")
      holds(again)
    end)
end)
