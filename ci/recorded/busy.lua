-- Recorded by sipwright record: 1 call.

-- 3 messages between 2 parties.
scenario("alice calls bob", function(t)
  local alice = t:agent("alice")
  local bob = t:agent("bob")

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:reject(486)
  call:expect(486)

  t:flow [[
    alice->>bob: INVITE [From.tag = $alice]
    bob->>alice: 486 INVITE [To.tag = $bob]
    alice->>bob: ACK
  ]]
end)
