-- Recorded by sipwright record: 1 call.

-- 11 messages between 2 parties.
scenario("alice calls bob", function(t)
  local alice = t:agent("alice")
  local bob = t:agent("bob")

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  call:hold():response(200)
  call:resume():response(200)
  call:bye():response(200)

  t:flow [[
    alice->>bob: INVITE [From.tag = $alice]
    bob->>alice: 200 INVITE [To.tag = $bob]
    alice->>bob: ACK [From.tag = $alice, To.tag = $bob]
    alice->>bob: INVITE [From.tag = $alice, To.tag = $bob]
    bob->>alice: 200 INVITE [To.tag = $bob]
    alice->>bob: ACK [From.tag = $alice, To.tag = $bob]
    alice->>bob: INVITE [From.tag = $alice, To.tag = $bob]
    bob->>alice: 200 INVITE [To.tag = $bob]
    alice->>bob: ACK [From.tag = $alice, To.tag = $bob]
    alice->>bob: BYE [From.tag = $alice, To.tag = $bob]
    bob->>alice: 200 BYE [To.tag = $bob]
  ]]
end)
