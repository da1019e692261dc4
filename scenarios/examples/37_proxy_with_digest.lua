-- A proxy that asks its users who they are (RFC 3261 §22.3): the first INVITE gets a 407, the second one
-- has the credentials, and they go with the ACK of the 200, too. bob's side is never asked: he is called.

scenario("a proxy asks its user for a password", function(t)
  local bob   = t:agent("bob", { uri = "sip:bob@example.com" })
  local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = bob }, record_route = true,
                                   users = { alice = "open sesame" } })
  local alice = t:agent("alice", { uri = "sip:alice@example.com", outbound = proxy,
                                   auth = { user = "alice", password = "open sesame" } })

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye():response(200)

  t:flow([[
    alice->>proxy: INVITE [!Proxy-Authorization]
    proxy->>alice: 407
    alice->>proxy: ACK
    alice->>proxy: INVITE [Proxy-Authorization, CSeq.number = 2]
    proxy->>bob: INVITE
    proxy->>alice: 100
    bob->>proxy: 200 INVITE
    proxy->>alice: 200 INVITE
    alice->>proxy: ACK [Proxy-Authorization]
    proxy->>bob: ACK
  ]], { interleave = true, loose = true })
end)

scenario("whoever has the wrong password gets no further than the proxy", function(t)
  local bob   = t:agent("bob", { uri = "sip:bob@example.com" })
  local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = bob }, users = { alice = "open sesame" } })
  local mallory = t:agent("mallory", { uri = "sip:alice@example.com", outbound = proxy,
                                       auth = { user = "alice", password = "open barley" } })
  mallory:invite(bob):expect(407)
  bob:expect_none("INVITE", "1s")
end)
