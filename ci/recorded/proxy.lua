-- Recorded by sipwright record: 1 call.

-- 13 messages between 3 parties.
scenario("alice calls proxy", function(t)
  local bob = t:agent("bob")
  local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = bob }, record_route = true })
  local alice = t:agent("alice", { outbound = proxy })

  local call = alice:invite("sip:bob@example.com")
  local leg = bob:expect_invite()
  t:sleep("10ms")
  leg:ring()
  leg:answer()
  call:expect(180)
  call:wait("confirmed")
  leg:wait("confirmed")
  t:sleep("10ms")
  local bye = leg:bye()
  bye:response(200)

  t:flow [[
    alice->>proxy: INVITE [From.tag = $alice]
    proxy->>bob: INVITE [From.tag = $alice]
    proxy->>alice: 100 INVITE
    bob->>proxy: 180 INVITE [To.tag = $bob]
    bob->>proxy: 200 INVITE [To.tag = $bob]
    proxy->>alice: 180 INVITE [To.tag = $bob]
    proxy->>alice: 200 INVITE [To.tag = $bob]
    alice->>proxy: ACK [From.tag = $alice, To.tag = $bob]
    proxy->>bob: ACK [From.tag = $alice, To.tag = $bob]
    bob->>proxy: BYE [From.tag = $bob, To.tag = $alice]
    proxy->>alice: BYE [From.tag = $bob, To.tag = $alice]
    alice->>proxy: 200 BYE [To.tag = $alice]
    proxy->>bob: 200 BYE [To.tag = $alice]
  ]]
end)
