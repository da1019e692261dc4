-- The 200 is lost twice. A 2xx is sent again by the callee's core, after 500 ms and then 1 s.

scenario("a lost 200 is sent again", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:drop("bob->>alice: 200 INVITE", 2)

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:ring()
  call:wait("early")                  -- so that the INVITE is not sent again
  leg:answer()
  call:wait("confirmed")
  call:bye():response(200)

  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 180
    bob-)alice: 200 INVITE x3 @ 0, 500ms, 1.5s
    alice->>bob: ACK
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]]
end)
