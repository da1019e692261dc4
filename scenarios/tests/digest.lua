-- Digest, RFC 3261 §22 with RFC 7616 and RFC 8760: an agent meets challenges of its own realms by itself, once.
-- The challengers are wires, which say whatever they like, and registrars, which check what they are told.

local function challenge(realm, more)
  return ('Digest realm="%s", nonce="%s-nonce", qop="auth"%s'):format(realm, realm, more or "")
end

local function register(agent, registrar)
  return agent:request("REGISTER", registrar, { headers = {
    To = "<sip:alice@example.com>", Contact = "<" .. agent.uri .. ">" } })
end

local function param(value, name)
  return value and value:match("[ ,]" .. name .. '="?([^",]*)')
end

-- the wire answers the next request, and gives it
local function refuse(wire, status, header, value)
  local request = wire:expect("*")
  wire:reply(request, status, { headers = { [header] = value } })
  return request
end

local ALICE = { auth = { user = "alice", password = "open", realm = "example.com" } }

group("digest", { net = "any" }, function()
  scenario("RFC 3261 §18.1.1: what is too long for UDP with credentials goes by TCP", function(t)
    local alice = t:agent("alice", { auth = ALICE.auth, transport = { "udp", "tcp" } })
    local bob = t:agent("bob", { transport = { "udp", "tcp" }, manual = { "OPTIONS" } })
    local tx = alice:request("OPTIONS", bob, { headers = { Subject = ("a long story "):rep(60) } })
    local first = bob:expect_request("OPTIONS")
    first:respond(401, { headers = { ["WWW-Authenticate"] = challenge("example.com", (", opaque=\"%s\""):format(("o"):rep(200))) } })
    local second = bob:expect_request("OPTIONS")
    second:respond(200)
    tx:response(200)
    expect(first.request.via[1].transport):equals("UDP")
    expect(second.request.via[1].transport):equals("TCP")
  end)

  for _, algorithm in ipairs{ "MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess" } do
    for _, qop in ipairs{ "auth", "auth-int" } do
      scenario(algorithm .. " with " .. qop .. " is proved and believed", function(t)
        local alice = t:agent("alice", { auth = { user = "alice", password = "open" } })
        local reg = t:registrar("reg", { users = { alice = "open" }, algorithm = algorithm, qop = qop })
        local tx = register(alice, reg)
        tx:response(200)
        local given = tx.request:header("Authorization")
        expect(param(given, "algorithm")):equals(algorithm)
        expect(param(given, "qop")):equals(qop)
        expect(param(given, "nc")):equals("00000001")
      end)
    end
  end

  scenario("the topmost challenge that it knows is answered", function(t)
    local alice = t:agent("alice", ALICE) -- RFC 8760 §2.4
    local reg = t:registrar("reg", { users = { alice = "open" }, realm = "example.com",
                                     algorithm = { "SHA-512-256", "SHA-256", "MD5" } })
    local tx = register(alice, reg)
    tx:response(200)
    expect(param(tx.request:header("Authorization"), "algorithm")):equals("SHA-512-256")
    expect(#tx.request:headers("Authorization")):equals(1)
  end)

  scenario("what it does not know is passed over", function(t)
    local alice, w = t:agent("alice", ALICE), t:wire("w")
    local tx = register(alice, w)
    refuse(w, 401, "WWW-Authenticate", { 'Basic realm="example.com"', challenge("example.com", ", algorithm=SHA-3"),
      challenge("example.com", ", algorithm=SHA-256"), challenge("example.com") })
    local again = w:expect("REGISTER")
    expect(param(again:header("Authorization"), "algorithm")):equals("SHA-256")
    w:reply(again, 200)
    tx:response(200)
  end)

  scenario("the number goes up, Call-ID and From stay", function(t)
    local alice, w = t:agent("alice", ALICE), t:wire("w") -- RFC 3261 §8.1.3.5, §22.2
    local tx = register(alice, w)
    local first = refuse(w, 401, "WWW-Authenticate", challenge("example.com"))
    local again = w:expect("REGISTER")
    expect(again.cseq.number):equals(first.cseq.number + 1)
    expect(again.call_id):equals(first.call_id)
    expect(again.from.tag):equals(first.from.tag)
    expect(again.via[1].branch):never():equals(first.via[1].branch)
    w:reply(again, 200)
    tx:response(200)
  end)

  scenario("with the wrong password it is refused, and asks no more", function(t)
    local alice = t:agent("alice", { auth = { user = "alice", password = "wrong" } })
    local reg = t:registrar("reg", { users = { alice = "open" } })
    register(alice, reg):response(401)
    t:flow [[
      alice->>reg: REGISTER [!Authorization]
      reg->>alice: 401
      alice->>reg: REGISTER [Authorization]
      reg->>alice: 401
    ]]
  end)

  -- CVE-2021-41158: what is said to a foreign realm can be tried against every password
  scenario("a foreign realm gets no answer", function(t)
    local alice, w = t:agent("alice", ALICE), t:wire("w")
    local tx = register(alice, w)
    refuse(w, 401, "WWW-Authenticate", challenge("evil.com"))
    tx:response(401)
    w:expect_none("*", "1s")
  end)

  scenario("B63: nor does a foreign realm in the answer to a BYE", function(t)
    local alice, w = t:agent("alice", ALICE), t:wire("w")
    local call = alice:invite(w)
    local invite = w:expect("INVITE")
    w:reply(invite, 200, { sdp = sip.sdp{ address = w.address } })
    w:expect("ACK")
    local bye = call:bye()
    refuse(w, 401, "WWW-Authenticate", challenge("evil.com"))
    bye:response(401)
    w:expect_none("*", "1s")
  end)

  scenario("without a realm the first one that asks is its own", function(t)
    local alice, w = t:agent("alice", { auth = { user = "alice", password = "open" } }), t:wire("w")
    local tx = register(alice, w)
    refuse(w, 401, "WWW-Authenticate", challenge("example.com"))
    w:reply(w:expect("REGISTER [Authorization]"), 200)
    tx:response(200)
    tx = register(alice, w)
    refuse(w, 401, "WWW-Authenticate", challenge("evil.com"))
    tx:response(401)
  end)

  scenario("a proxy and a server are both answered", function(t)
    local alice, w = t:agent("alice", { auth = { { user = "alice", password = "open", realm = "proxy.com" },
                                                 { user = "al", password = "sesame", realm = "example.com" } } }),
      t:wire("w")
    local call = alice:invite(w)
    local first = refuse(w, 407, "Proxy-Authenticate", challenge("proxy.com"))
    w:expect("ACK")
    local second = refuse(w, 401, "WWW-Authenticate", challenge("example.com"))
    local ack = w:expect("ACK") -- RFC 3261 §22.1
    expect(ack:header("Proxy-Authorization")):equals(second:header("Proxy-Authorization"))
    local third = w:expect("INVITE")
    expect(param(second:header("Proxy-Authorization"), "nc")):equals("00000001")
    expect(param(third:header("Proxy-Authorization"), "nc")):equals("00000002")
    expect(param(third:header("Authorization"), "username")):equals("al")
    expect({ first.cseq.number, second.cseq.number, third.cseq.number }):equals{ 1, 2, 3 }
    w:reply(third, 200, { sdp = sip.sdp{ address = w.address } })
    ack = w:expect("ACK") -- RFC 3261 §13.2.2.4
    expect(ack:header("Proxy-Authorization")):equals(third:header("Proxy-Authorization"))
    expect(ack:header("Authorization")):equals(third:header("Authorization"))
    expect(ack.cseq.number):equals(3)
    call:bye()
    local bye = w:expect("BYE") -- RFC 3261 §22.3: in the dialog without being asked
    expect(param(bye:header("Proxy-Authorization"), "nc")):equals("00000003")
    expect(bye.cseq.number):equals(4)
    w:reply(bye, 200)
    call:wait("terminated")
  end)

  scenario("one response with both challenges gets both answers", function(t)
    local alice, w = t:agent("alice", { auth = { user = "alice", password = "open", realm = "example.com" } }),
      t:wire("w")
    local tx = alice:options(w)
    local first = w:expect("OPTIONS")
    w:reply(first, 407, { headers = { ["Proxy-Authenticate"] = challenge("example.com"),
                                      ["WWW-Authenticate"] = challenge("example.com") } })
    local again = w:expect("OPTIONS [Authorization, Proxy-Authorization]")
    w:reply(again, 200)
    tx:response(200)
  end)

  scenario("a stale nonce is one more try, and no more than one", function(t)
    local alice, w = t:agent("alice", ALICE), t:wire("w")
    local tx = register(alice, w)
    for i = 1, 3 do
      local request = w:expect("REGISTER")
      expect(param(request:header("Authorization"), "nonce")):equals(i > 1 and "n" .. i - 1 or nil)
      expect(param(request:header("Authorization"), "nc")):equals(i > 1 and "00000001" or nil)
      w:reply(request, 401, { headers = { ["WWW-Authenticate"] =
        ('Digest realm="example.com", nonce="n%d", qop="auth", stale=true'):format(i) } })
    end
    tx:response(401)
    w:expect_none("*", "1s")
  end)

  scenario("B62: a new nonce each time without stale is given up at once", function(t)
    local alice, w = t:agent("alice", ALICE), t:wire("w")
    local tx = register(alice, w)
    for i = 1, 2 do
      refuse(w, 401, "WWW-Authenticate", ('Digest realm="example.com", nonce="n%d", qop="auth"'):format(i))
    end
    tx:response(401)
    w:expect_none("*", "1s")
  end)

  scenario("old servers without qop are answered as RFC 2069 has it", function(t)
    local alice, w = t:agent("alice", ALICE), t:wire("w")
    local tx = register(alice, w)
    refuse(w, 401, "WWW-Authenticate", 'Digest realm="example.com", nonce="n1", opaque="o"')
    local given = w:expect("REGISTER")
    expect(param(given:header("Authorization"), "qop")):is_nil()
    expect(param(given:header("Authorization"), "opaque")):equals("o")
    w:reply(given, 200)
    tx:response(200)
  end)

  for name, wrong in pairs{
    ["a nonce of 40 KB"] = 'Digest realm="example.com", nonce="' .. ("n"):rep(40000) .. '"',
    ["a realm of one character without quotes"] = "Digest realm=x, nonce=y",
    ["no realm"] = 'Digest nonce="n"',
    ["no nonce"] = 'Digest realm="example.com"',
    ["an unterminated quote"] = 'Digest realm="example.com", nonce="n',
    ["only unknown qops"] = 'Digest realm="example.com", nonce="n", qop=",,,x"',
    ["no scheme"] = 'realm="example.com", nonce="n"',
    ["nothing"] = "Digest",
  } do
    scenario("B24, B63: a challenge with " .. name .. " is the script's", function(t)
      local alice, w = t:agent("alice", ALICE), t:wire("w")
      local tx = register(alice, w)
      refuse(w, 401, "WWW-Authenticate", wrong)
      tx:response(401)
      w:expect_none("*", "1s")
    end)
  end

  scenario("B63: twenty challenges in one response are one answer for each realm of its own", function(t)
    local alice, w = t:agent("alice", ALICE), t:wire("w")
    local tx, rows = register(alice, w), {}
    for i = 1, 19 do rows[i] = challenge("realm" .. i) end
    rows[20] = challenge("example.com")
    refuse(w, 401, "WWW-Authenticate", rows)
    local again = w:expect("REGISTER")
    expect(#again:headers("Authorization")):equals(1)
    w:reply(again, 200)
    tx:response(200)
  end)

  scenario("with auth = false a challenge is the script's", function(t)
    local alice = t:agent("alice", ALICE)
    local reg = t:registrar("reg", { users = { alice = "open" }, realm = "example.com" })
    alice:request("REGISTER", reg, { auth = false, headers = { To = "<sip:alice@example.com>" } }):response(401)
    register(alice, reg):response(200)
  end)

  scenario("a request may have an account of its own", function(t)
    local alice = t:agent("alice")
    local reg = t:registrar("reg", { users = { bob = "sesame" } })
    local opts = { auth = { user = "bob", password = "sesame" }, headers = { To = "<sip:bob@example.com>" } }
    alice:request("REGISTER", reg, opts):response(200)
    opts.auth = nil
    alice:request("REGISTER", reg, opts):response(401)
  end)

  scenario("a CANCEL cannot be challenged", function(t)
    local alice, w = t:agent("alice", ALICE), t:wire("w") -- RFC 3261 §22.1
    local call = alice:invite(w)
    local invite = w:expect("INVITE")
    w:reply(invite, 180)
    call:expect(180)
    local cancel = call:cancel()
    w:reply(w:expect("CANCEL"), 401, { headers = { ["WWW-Authenticate"] = challenge("example.com") } })
    cancel:response(401)
    w:reply(invite, 487)
    w:expect("ACK")
    call:wait("terminated")
    expect(call.ended):equals("cancelled")
  end)

  scenario("what the script has cancelled is not tried again", function(t)
    local alice, w = t:agent("alice", ALICE), t:wire("w")
    local call = alice:invite(w)
    local invite = w:expect("INVITE")
    w:reply(invite, 180)
    call:expect(180)
    call:cancel()
    w:reply(w:expect("CANCEL"), 200)
    w:reply(invite, 407, { headers = { ["Proxy-Authenticate"] = challenge("example.com") } })
    w:expect("ACK")
    call:wait("terminated")
    w:expect_none("*", "1s")
  end)

  scenario("a nonce count that was used is a replay", function(t)
    local w, reg = t:wire("w"), t:registrar("reg", { users = { alice = "open" } })
    local alice = t:agent("alice", { auth = { user = "alice", password = "open" } })
    local tx = register(alice, reg)
    tx:response(200)
    local copy = tx.request:with{ branch = sip.branch(), cseq = 9,
      headers = { Via = "SIP/2.0/UDP " .. w.address .. ";branch=" .. sip.branch() } }
    w:send(reg, copy)
    local refused = w:expect(401)
    expect(param(refused:header("WWW-Authenticate"), "stale")):equals("true")
  end)

  scenario("an account of the target is who answers a challenge", function(t) -- simulated every account is there
    local alice, w = t:agent("alice", { account = "1001" }), t:wire("w")
    local tx = alice:options(w)
    refuse(w, 401, "WWW-Authenticate", challenge("example.com"))
    local again = w:expect("OPTIONS [Authorization]")
    expect(param(again:header("Authorization"), "username")):equals("1001")
    expect(sip.verify(again, "1001")):equals(true)
    w:reply(again, 200)
    tx:response(200)
    expect(function() t:agent("b", { account = "1001", auth = { password = "x" } }) end):raises("give one of them")
  end)

  scenario("an account without a password is an error with a mend", function(t)
    expect(function() t:agent("a", { auth = { user = "a" } }) end):raises("auth wants a password")
    expect(function() t:agent("b", { auth = "secret" }) end):raises("an account")
  end)
end)
