-- The ACK is lost on its way. The callee sends its 200 again until it hears the ACK (RFC 3261
-- §13.3.1.4), and the caller answers each copy of the 200 with an ACK.

scenario("a lost ACK is sent again for the copy of the 200", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:drop("alice->>bob: ACK", 1)

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  leg:wait("confirmed")
  call:bye():response(200)

  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 200 INVITE
    alice-xbob: ACK
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]]
end)
