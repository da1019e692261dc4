-- Secure WebSocket: WebSocket frames inside TLS records, and a call inside these.

scenario("a call over secure WebSocket", function(t)
  local alice, bob = t:agents("alice", "bob", { transport = "wss" })

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  expect(leg.request.via[1].transport):equals("WSS")
  expect(leg.request.contact[1].uri.scheme):equals("sips")
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye()
  call:wait("terminated")

  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    bob->>alice: BYE
    alice->>bob: 200 BYE
  ]]
end)
