-- RFC 7616 §3.3, §3.4, RFC 8760 §2: what a registrar makes of a proof that is not quite one, and what it asks for.
local device = require("_device")

-- A REGISTER of alice by a wire; credentials: what of its Authorization is changed, by name, or its whole text.
local function asked(t, name)
  local w = t:wire(name or "w")
  w:ignore("100")
  local aor = "<" .. t.dut:at("alice") .. ">"
  local sent = w:send(t.dut, { method = "REGISTER", uri = t.dut.uri:gsub("sip:.*@", "sip:"), headers = {
    To = aor, From = aor .. ";tag=" .. sip.tag() } })
  local challenge
  t:given(function() challenge = w:expect("401 REGISTER") end)
  return w, sent, challenge
end

local function proved(sent, challenge) return sip.authorize(sent, challenge, "alice", "alice") end

local function with(request, credentials) return request:with { headers = { Authorization = credentials } } end

-- The next one, well made, is taken.
local function still_taken(t)
  local w, sent, challenge = asked(t, "next_one")
  w:send(t.dut, proved(sent, challenge))
  w:expect("200 REGISTER")
end

group("registrar", { needs = { "registrar", "digest" }, tags = { "registrar", "digest" } }, function()
  scenario("what it asks for is quoted where it must be, and nowhere else", { covers = {
    "AUT-019c", "AUT-019d", "AUT-002", "AUT-004" } }, function(t)
      local _, _, challenge = asked(t)
      for _, value in ipairs(challenge:headers("WWW-Authenticate")) do
        expect(value):matches('\\brealm="')
        expect(value):matches('\\bnonce="')
        expect(value):matches('\\bqop="auth(, ?auth-int)?"')
        expect(value):never():matches('\\b(stale|algorithm)="')
      end
    end)

  scenario("it asks by no algorithm twice, and never by Basic", { covers = { "AUT-013", "AUT-001" } }, function(t)
    local _, _, challenge = asked(t)
    local seen = {}
    for _, value in ipairs(challenge:headers("WWW-Authenticate")) do
      expect(value):matches("^Digest ")
      local key = value:match('realm="([^"]*)"') .. " " .. (value:match("algorithm=([%w-]+)") or "MD5")
      expect(seen[key], key):is_nil()
      seen[key] = true
    end
  end)

  scenario("the name and the password in the clear are nothing", { covers = { "AUT-001" } }, function(t)
    local w, sent = asked(t)
    w:send(t.dut, sent:with { headers = { Authorization = "Basic YWxpY2U6YWxpY2U=", CSeq = "2 REGISTER",
      Via = device.via(w) .. ";rport;branch=" .. sip.branch() } })
    local refused = w:expect("4xx REGISTER")
    for _, value in ipairs(refused:headers("WWW-Authenticate")) do expect(value):never():matches("^Basic") end
  end)

  scenario("the same proof twice is no proof, where it counts", { covers = { "AUT-006" } }, function(t)
    local w, sent, challenge = asked(t)
    local good = proved(sent, challenge)
    w:send(t.dut, good)
    w:expect("200 REGISTER")
    w:send(t.dut, good:with { headers = { CSeq = "9 REGISTER",
      Via = device.via(w) .. ";rport;branch=" .. sip.branch() } })
    local again = w:expect("2xx|4xx REGISTER")
    if again.status < 300 then t:skip("it does not look for replays, and need not") end
    expect(again.status):between(400, 499)
  end)

  for name, change in pairs {
    ["without anything but a name"] = function() return 'Digest username="alice"' end,
    ["with a count that is no number"] = function(c) return (c:gsub("nc=%x+", "nc=xyz")) end,
    ["with a digest of three digits"] = function(c) return (c:gsub('response="%x+"', 'response="abc"')) end,
  } do
    scenario("a proof " .. name .. " is a 4xx", { covers = { "AUT-022" } }, function(t)
      local w, sent, challenge = asked(t)
      local good = proved(sent, challenge)
      w:send(t.dut, with(good, change(good:header("Authorization"))))
      w:expect("4xx REGISTER")
      still_taken(t)
    end)
  end

  scenario("a name that stands there twice is a 4xx", { covers = { "AUT-N51" } }, function(t)
    local w, sent, challenge = asked(t)
    local good = proved(sent, challenge)
    w:send(t.dut, with(good, good:header("Authorization") .. ", username*=UTF-8''alice"))
    w:expect("4xx REGISTER")
  end)

  scenario("a nonce of nobody's is not taken", { covers = { "AUT-018c" } }, function(t)
    local w, sent, challenge = asked(t)
    local value = challenge:header("WWW-Authenticate"):gsub('nonce="[^"]*"', 'nonce="bm90aGluZyBvZiB5b3Vycw"')
    w:send(t.dut, proved(sent, challenge:with { headers = { ["WWW-Authenticate"] = value } }))
    w:expect("401 REGISTER")
  end)

  scenario("a proof that was made for somebody else is not taken", { covers = { "AUT-018" } }, function(t)
    local w, sent, challenge = asked(t)                      -- RFC 8760 §2.6 item 6
    local there = proved(sent:with { uri = "sip:x@foreign.example" }, challenge)
    w:send(t.dut, there:with { uri = tostring(sent.uri) })
    w:expect("4xx REGISTER")
  end)

  scenario("and it is a 400", { covers = { "AUT-018b" } }, function(t) -- RFC 7616 §3.4.6: SHOULD
    local w, sent, challenge = asked(t)
    local there = proved(sent:with { uri = "sip:x@foreign.example" }, challenge)
    w:send(t.dut, there:with { uri = tostring(sent.uri) })
    expect.soft(w:expect("4xx REGISTER").status):equals(400)
  end)
end)
