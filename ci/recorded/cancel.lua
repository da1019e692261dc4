-- Recorded by sipwright record: 1 call.

-- 6 messages between 2 parties.
scenario("alice calls bob", function(t)
  local alice = t:agent("alice")
  local bob = t:agent("bob")

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  call:expect(180)
  call:cancel():response(200)
  call:expect(487)

  t:flow [[
    alice->>bob: INVITE [From.tag = $alice]
    bob->>alice: 180 INVITE [To.tag = $bob]
    alice->>bob: CANCEL
    bob->>alice: 200 CANCEL
    bob->>alice: 487 INVITE [To.tag = $bob]
    alice->>bob: ACK
  ]]
end)
