-- Recorded by sipwright record: 1 call.

-- 6 messages between 2 parties.
scenario("alice calls bob", function(t)
  local alice = t:agent("alice")
  local bob = t:agent("bob")

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  call:expect(180)
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  t:sleep("3s")
  leg:bye():response(200)

  t:flow [[
    alice->>bob: INVITE [From.tag = $alice]
    bob->>alice: 180 INVITE [To.tag = $bob]
    bob->>alice: 200 INVITE [To.tag = $bob]
    alice->>bob: ACK [From.tag = $alice, To.tag = $bob]
    bob->>alice: BYE [From.tag = $bob, To.tag = $alice] @ 3s ± 50ms
    alice->>bob: 200 BYE [To.tag = $alice]
  ]]
end)
