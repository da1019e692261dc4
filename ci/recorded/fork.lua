-- Recorded by sipwright record: 1 call.

-- 18 messages between 4 parties.
scenario("alice calls proxy", function(t)
  local bob = t:agent("bob")
  local bob2 = t:agent("bob2")
  local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = { bob, bob2 } } })
  local alice = t:agent("alice", { outbound = proxy })

  local call = alice:invite("sip:bob@example.com")
  local leg = bob:expect_invite()
  local leg2 = bob2:expect_invite()
  t:sleep("100ms")
  leg:ring()
  call:expect(180)
  t:sleep("100ms")
  leg2:ring()
  t:sleep("3s")
  leg2:answer()
  call:forks()[2]:wait("confirmed")
  leg2:wait("confirmed")
  t:sleep("5s")
  leg2:bye():response(200)

  t:flow [[
    alice->>proxy: INVITE [From.tag = $alice]
    proxy->>bob: INVITE [From.tag = $alice]
    proxy->>bob2: INVITE [From.tag = $alice]
    proxy->>alice: 100 INVITE
    bob->>proxy: 180 INVITE [To.tag = $bob] @ 100ms ± 50ms
    proxy->>alice: 180 INVITE [To.tag = $bob]
    bob2->>proxy: 100 INVITE @ 100ms ± 50ms
    bob2->>proxy: 180 INVITE [To.tag = $bob2]
    proxy->>alice: 180 INVITE [To.tag = $bob2]
    bob2->>proxy: 200 INVITE [To.tag = $bob2] @ 3s ± 50ms
    proxy->>alice: 200 INVITE [To.tag = $bob2]
    proxy->>bob: CANCEL
    alice->>bob2: ACK [From.tag = $alice, To.tag = $bob2]
    bob->>proxy: 200 CANCEL
    bob->>proxy: 487 INVITE [To.tag = $bob]
    proxy->>bob: ACK
    bob2->>alice: BYE [From.tag = $bob2, To.tag = $alice] @ 5s ± 50ms
    alice->>bob2: 200 BYE [To.tag = $alice]
  ]]
end)
