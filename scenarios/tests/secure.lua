-- Streams with filters: TLS, WebSocket, and both.

for _, transport in ipairs { "tls", "ws", "wss" } do
  scenario("a call over " .. transport, function(t)
    local alice, bob = t:agents("alice", "bob", { transport = transport })
    local call = alice:invite(bob)
    local leg = bob:expect_invite()
    expect(leg.request.via[1].transport):equals(transport:upper())
    leg:ring()
    leg:answer()
    call:wait("confirmed")
    leg:wait("confirmed")
    leg:bye()
    call:wait("terminated")
    t:flow [[
      alice->>bob: INVITE
      bob->>alice: 180
      bob->>alice: 200 INVITE
      alice->>bob: ACK
      bob->>alice: BYE
      alice->>bob: 200 BYE
    ]]
  end)
end

-- RFC 3261 §19.1.1 and §26.2.2, RFC 7118 §5.2
scenario("a URI says how it is reached", function(t)
  local uris = {}
  for i, transport in ipairs { "udp", "tcp", "tls", "ws", "wss" } do
    local uri = t:agent("a" .. i, { transport = transport, port = 7000 }).uri
    uris[i] = uri:match("^(%a+:)") .. (uri:match(";.*$") or "")
  end
  expect(uris):equals { "sip:", "sip:;transport=tcp", "sips:", "sip:;transport=ws", "sips:;transport=ws" }
end)

-- RFC 3261 §8.1.1.8 and §12.1.1
scenario("contacts of a secure dialog are secure", function(t)
  local alice, bob = t:agents("alice", "bob", { transport = "tls" })
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  expect(leg.request.contact[1].uri.scheme):equals("sips")
  expect(call.last_response.contact[1].uri.scheme):equals("sips")
  expect(call.dialog.secure):equals(true)
  expect(leg.dialog.secure):equals(true)
  call:bye()
  leg:wait("terminated")
end)

scenario("who is reached by UDP and TLS says where by TLS to whom that matters", function(t) -- RFC 3261 §12.1.1
  local alice, carol = t:agent("alice", { transport = "tls" }), t:agent("carol")
  local bob = t:agent("bob", { transport = { "udp", "tcp", "tls" } })
  for _, case in ipairs { { alice, "^sips:bob@.*:5061$" }, { carol, "^sip:bob@[^:]*:5060$" } } do
    local call = case[1]:invite(bob)
    local leg = bob:expect_invite()
    leg:answer()
    call:wait("confirmed")
    expect(tostring(call.last_response.contact[1].uri)):matches(case[2])
    call:bye():response(200)
    leg:wait("terminated")
    local back = bob:invite(case[1])
    local there = case[1]:expect_invite()
    expect(tostring(there.request.contact[1].uri)):matches(case[2])
    there:reject(486)
    back:expect(486)
  end
end)

for uri, secure in pairs { sips = true, sip = false } do
  scenario("the dialog of a subscription over TLS, asked for by " .. uri .. ":", function(t) -- RFC 3261 §12.1.1
    local alice, bob = t:agents("alice", "bob", { transport = "tls" })
    local target = secure and bob or "sip:bob@" .. bob.address .. ";transport=tls"
    local watch = alice:subscribe(target, "presence")
    local sub = bob:expect_subscribe("presence")
    sub:accept()
    watch:wait("active")
    expect(watch.dialog.secure):equals(secure)
    expect(sub.dialog.secure):equals(secure)
    expect(sub.request.contact[1].uri.scheme):equals("sips")
    watch:terminate():response(200)
  end)
end

scenario("a subscription by UDP is not secure", function(t)
  local alice, bob = t:agents("alice", "bob")
  local watch = alice:subscribe(bob, "presence")
  local sub = bob:expect_subscribe("presence")
  sub:accept()
  watch:wait("active")
  expect(watch.dialog.secure):equals(false)
  expect(sub.dialog.secure):equals(false)
end)

scenario("a dialog over TLS that nobody wanted secure", function(t)
  local alice, bob = t:agents("alice", "bob", { transport = "tls" })
  local call = alice:invite("sip:bob@" .. bob.address .. ";transport=tls")
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  expect(call.dialog.secure):equals(false)
  expect(leg.dialog.secure):equals(false)
  call:bye()
  leg:wait("terminated")
end)

-- A server looks at its client's certificate last; in TLS 1.3 the first requests are out by then.
for _, version in ipairs { "1.2", "1.3" } do
  scenario("TLS " .. version .. ": who is refused hears of it at once", function(t)
    local alice = t:agent("alice", { transport = "tls", tls = { cert = { self_signed = true }, version = version } })
    local bob = t:agent("bob", { transport = "tls", tls = { verify = "mutual" } })
    local first, second = alice:options(bob), alice:options(bob)
    first:response("unreachable", { within = "1s" })
    second:response("unreachable", { within = "1s" })
    local call = alice:invite(bob)
    call:wait("terminated", { within = "1s" })
    expect(call.ended):equals("unreachable")
    expect(#t:messages("bob->>alice: *")):equals(0)
  end)
end

-- RFC 3261 §18.2.2: once the other side has spoken it is known, and may answer by another connection.
scenario("a connection that is reset after an answer takes no request with it", function(t)
  local alice, bob = t:agents("alice", "bob", { transport = "tls" })
  alice:options(bob):response(200)
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  t.net:reset("alice", "bob")
  leg:answer()
  call:wait("confirmed")
  expect(call.last_response.transport):equals("tls")
  expect(call.last_response.source):exists()
  call:bye()
  leg:wait("terminated")
end)

--> error: alice: no address to send this OPTIONS to: *
scenario("sips goes by TLS or not at all", function(t)
  local alice = t:agent("alice", { transport = { "udp", "tcp" } })
  local bob = t:agent("bob", { transport = "tls" })
  --v
  alice:options("sips:bob@" .. bob.address)
end)

--> error: option 'tls' does not fit transport "udp": it wants "tls" or "wss"
scenario("TLS without TLS", function(t)
  --v
  t:agent("alice", { tls = { verify = false } })
end)

--> error: there is no transport 'sctp' (udp, tcp, tls, ws, wss)
scenario("a transport that nobody knows", function(t)
  --v
  t:agent("alice", { transport = "sctp" })
end)

--> error: unknown option 'certs' of tls; did you mean 'cert'?
scenario("a misspelt option of TLS", function(t)
  --v
  t:agent("alice", { transport = "tls", tls = { certs = false } })
end)

--> error: tls.verify is true, false, "ask" or "mutual", not "yes"
scenario("a word that is none of verify's", function(t)
  --v
  t:agent("alice", { transport = "tls", tls = { verify = "yes" } })
end)

--> error: tls.peers is about clients' certificates: add verify = "mutual"
scenario("peers that nobody asks for", function(t)
  --v
  t:agent("alice", { transport = "tls", tls = { peers = { "example.com" } } })
end)

--> error: tls.version is "1.2" or "1.3", not "1.1"
scenario("a version that is no more", function(t)
  --v
  t:agent("alice", { transport = "tls", tls = { version = "1.1" } })
end)

--> error: a certificate is for somebody: sip.certificate{san = "sip:example.com"}; *
scenario("a certificate for nobody", function(t)
  --v
  sip.certificate { expired = true }
end)

--> error: unknown word 'rsa512' in option 'key' of a certificate
scenario("a key of no known type", function(t)
  --v
  sip.certificate { san = "sip:example.com", key = "rsa512" }
end)

--> error: the certificate cannot be made: a name is none *
scenario("an address that is none", function(t)
  --v
  sip.certificate { san = "IP:example.com" }
end)

--> error: tls.key and tls.cert: the key is that of another certificate
scenario("a key that does not fit its certificate", function(t)
  local one, other = sip.certificate { san = "sip:a.example" }, sip.certificate { san = "sip:b.example" }
  --v
  t:agent("alice", { transport = "tls", tls = { cert = one.pem, key = other.key_pem } })
end)

--> error: tls.cert has no private key with it: give it as tls.key
scenario("a certificate without its key", function(t)
  local one = sip.certificate { san = "sip:a.example" }
  --v
  t:agent("alice", { transport = "tls", tls = { cert = one.pem } })
end)

--> error: tls.ca: there is no certificate in it
scenario("a CA that is none", function(t)
  local one = sip.certificate { san = "sip:a.example" }
  --v
  t:agent("alice", { transport = "tls", tls = { ca = one.key_pem } })
end)
