scenario("the answer comes late", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  t:sleep("2s")
  leg:answer()
  call:wait("confirmed")
  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 180
    bob->>alice: 200 INVITE @ ..1s
    alice->>bob: ACK
  ]]
end)
