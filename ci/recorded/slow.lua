-- Recorded by sipwright record: 1 call.

-- 9 messages between 2 parties.
scenario("alice calls bob", function(t)
  local alice = t:agent("alice", { manual = { "BYE" } })
  local bob = t:agent("bob", { manual = { "100" } })

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  t:sleep("700ms")
  leg:respond(100)
  t:sleep("2s")
  leg:ring { status = 183, sdp = true }
  call:expect(183)
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  t:sleep("12.34s")
  local bye = leg:bye()
  local asked = call:expect_request("BYE")
  t:sleep("600ms")
  asked:respond(200)
  bye:response(200)

  t:flow [[
    alice->>bob: INVITE [From.tag = $alice]
    alice->>bob: INVITE [From.tag = $alice] @ 500ms ± 50ms
    bob->>alice: 100 INVITE @ 200ms ± 50ms
    bob->>alice: 183 INVITE [To.tag = $bob] @ 2s ± 50ms
    bob->>alice: 200 INVITE [To.tag = $bob]
    alice->>bob: ACK [From.tag = $alice, To.tag = $bob]
    bob->>alice: BYE [From.tag = $bob, To.tag = $alice] @ 12.34s ± 50ms
    bob->>alice: BYE [From.tag = $bob, To.tag = $alice] @ 500ms ± 50ms
    alice->>bob: 200 BYE [To.tag = $alice] @ 100ms ± 50ms
  ]]
end)
