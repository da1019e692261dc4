-- bob has moved: 302 with the new address, and the caller goes there. An agent does not follow by
-- itself, so the scenario says what happens.

scenario("a call is redirected", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")

  local first = alice:invite(bob)
  bob:expect_invite():redirect(carol)
  local moved = first:expect(302)

  local second = alice:invite(moved.contact[1].uri)
  local leg    = carol:expect_invite { from = alice }
  leg:answer()
  second:wait("confirmed")
  second:bye():response(200)

  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 302
    alice->>bob: ACK
    alice->>carol: INVITE
    carol->>alice: 200 INVITE
    alice->>carol: ACK
    alice->>carol: BYE
    carol->>alice: 200 BYE
  ]]
end)
