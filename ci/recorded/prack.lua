-- Recorded by sipwright record: 1 call.

-- 10 messages between 2 parties.
scenario("alice calls bob", function(t)
  local alice = t:agent("alice")
  local bob = t:agent("bob")

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring { status = 183, reliable = true, sdp = true }
  call:expect(183)
  leg:expect("PRACK")
  call:update { sdp = { direction = "sendonly" } }:response(200)
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  call:bye():response(200)

  t:flow [[
    alice->>bob: INVITE [From.tag = $alice]
    bob->>alice: 183 INVITE [To.tag = $bob]
    alice->>bob: PRACK [From.tag = $alice, To.tag = $bob]
    bob->>alice: 200 PRACK [To.tag = $bob]
    alice->>bob: UPDATE [From.tag = $alice, To.tag = $bob]
    bob->>alice: 200 UPDATE [To.tag = $bob]
    bob->>alice: 200 INVITE [To.tag = $bob]
    alice->>bob: ACK [From.tag = $alice, To.tag = $bob]
    alice->>bob: BYE [From.tag = $alice, To.tag = $bob]
    bob->>alice: 200 BYE [To.tag = $bob]
  ]]
end)
