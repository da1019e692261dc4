-- TLS without a word about certificates: each scenario has a certificate authority of its own, that all
-- of its agents trust, and each agent a certificate for its address. What the flow shows is what stood
-- inside the records; the pcap has it decrypted, too.

scenario("a call over TLS", function(t)
  local alice, bob = t:agents("alice", "bob", { transport = "tls" })
  expect(bob.uri):matches("^sips:bob@")

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  expect(leg.request.via[1].transport):equals("TLS")
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  call:bye()
  leg:wait("terminated")

  t:flow [[
    alice->>bob: INVITE [Contact.uri.scheme = sips]
    bob->>alice: 200 INVITE [Contact.uri.scheme = sips]
    alice->>bob: ACK
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]]
end)
