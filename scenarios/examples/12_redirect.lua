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

-- With follow = true it goes there by itself, the best address first (RFC 3261 §8.1.3.4): in the same
-- call, with the same Call-ID and a CSeq that is one higher.
scenario("an agent follows a redirect by itself", function(t)
  local alice, bob, carol, dave = t:agents("alice", "bob", "carol", "dave")

  local call = alice:invite(bob, { follow = true })
  bob:expect_invite():respond(302, {
    contact = "<" .. dave.uri .. ">;q=0.5, <" .. carol.uri .. ">;q=0.9",
  })
  carol:expect_invite():reject(486)
  dave:expect_invite():answer()
  call:wait("confirmed")
  call:bye():response(200)

  t:flow [[
    alice->>bob: INVITE [CSeq = "1 INVITE", Call-ID = $id]
    bob->>alice: 302
    alice->>bob: ACK
    alice->>carol: INVITE [CSeq = "2 INVITE", Call-ID = $id]
    carol->>alice: 486
    alice->>carol: ACK
    alice->>dave: INVITE [CSeq = "3 INVITE", Call-ID = $id]
    dave->>alice: 200 INVITE
    alice->>dave: ACK
    alice->>dave: BYE
    dave->>alice: 200 BYE
  ]]
end)
