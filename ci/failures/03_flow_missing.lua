scenario("the ringing is missing", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():answer()
  call:wait("confirmed")
  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 180
    bob->>alice: 200 INVITE
    alice->>bob: ACK
  ]]
end)
