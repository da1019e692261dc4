-- Digest without an account: sip.challenge, sip.authorize and sip.verify, for wires and for what is manual.

group("digest by hand", function()
  for _, algorithm in ipairs{ "MD5", "SHA-256-sess", "SHA-512-256" } do
    for _, qop in ipairs{ "auth", "auth-int", "" } do
      scenario(("a wire answers a challenge: %s %q"):format(algorithm, qop), function(t)
        local w, server = t:wire("w"), t:wire("server")
        local sent = w:send(server, { method = "MESSAGE", uri = server.uri, body = "hello" })
        server:reply(server:expect("MESSAGE"), 401, { headers = {
          ["WWW-Authenticate"] = sip.challenge { realm = "example.com", algorithm = algorithm, qop = qop } } })
        local again = w:send(server, sip.authorize(sent, w:expect(401), "alice", "open"))
        expect(again.cseq.number):equals(sent.cseq.number + 1)
        expect(again.via[1].branch):never():equals(sent.via[1].branch)
        local request = server:expect("MESSAGE")
        expect(sip.verify(request, "open")):equals(true)
        local good, why = sip.verify(request, "shut")
        expect(good):equals(false)
        expect(why):matches("the password is wrong")
        server:reply(request, 200)
        w:expect(200)
      end)
    end
  end

  scenario("an agent as a server challenges by hand", function(t)
    local alice = t:agent("alice", { auth = { password = "open" } })
    local bob = t:agent("bob")
    local call = alice:invite(bob)
    local first = bob:expect_invite()
    first:reject(401, { headers = { ["WWW-Authenticate"] = sip.challenge { realm = "bob.example.com" } } })
    local leg = bob:expect_invite()
    expect(sip.verify(leg.request, "open")):equals(true)
    leg:answer()
    call:wait("confirmed")
    leg:wait("confirmed")
    leg:bye():response(200)
    t:flow [[
      alice->>bob: INVITE
      bob->>alice: 401
      alice->>bob: ACK
      alice->>bob: INVITE [Authorization]
      bob->>alice: 200 INVITE
      alice->>bob: ACK [Authorization]
      bob->>alice: BYE
      alice->>bob: 200 BYE
    ]]
  end)

  scenario("a request without credentials proves nothing", function(t)
    local w = t:wire("w")
    local good, why = sip.verify(sip.request { method = "OPTIONS", uri = w.uri }, "open")
    expect(good):equals(false)
    expect(why):equals("it has no Digest credentials")
  end)

  scenario("a challenge says what it is told", function()
    expect(sip.challenge { realm = 'a "b"', nonce = "n", stale = true, opaque = "o", algorithm = "SHA-256" })
      :equals('Digest realm="a \\"b\\"", nonce="n", opaque="o", stale=true, algorithm=SHA-256, qop="auth"')
    expect(sip.challenge { nonce = "n", qop = "auth, auth-int" }):contains('qop="auth,auth-int"')
    expect(function() sip.challenge { algorithm = "MD6" } end):raises("none of MD5")
    expect(function() sip.challenge { qop = "auth, x" } end):raises("neither auth nor auth-int")
    expect(function() sip.challenge { relm = "x" } end):raises("did you mean 'realm'")
  end)

  scenario("who asserts an identity, and what is to stay private", function(t)
    local alice, bob = t:agents("alice", "bob") -- RFC 3325 §9.1, RFC 3323 §4.2
    local tx = alice:message(bob, "hi", { headers = {
      From = '"Bob <sip:bob@evil>" <sip:anonymous@anonymous.invalid>',
      ["P-Asserted-Identity"] = { '"Alice" <sip:alice@example.com>', "tel:+14085551212" }, Privacy = "id;header" } })
    local message = bob:expect_request("MESSAGE")
    expect(message.request.p_asserted_identity[1].uri.user):equals("alice")
    expect(message.request.p_asserted_identity[2].uri.user):equals("+14085551212")
    expect(message.request.from.uri.user):equals("anonymous")
    expect(message.request:header("Privacy")):equals("id;header")
    message:respond(200)
    tx:response(200)
  end)
end)
