-- The callee answers the offer in a reliable 183, so that either side may change the session before
-- the call is answered: by UPDATE (RFC 3311 §5.1).

scenario("UPDATE changes a session that is not answered yet", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:ring{ status = 183, reliable = true, sdp = true }
  leg:expect("PRACK")                 -- the first exchange is done

  local held = { direction = "sendonly" }
  call:update{ sdp = held }:response(200)
  expect(leg.remote_sdp.direction):equals("sendonly")
  expect(leg.local_sdp.direction):equals("recvonly")    -- answered by itself

  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")

  t:flow [[
    alice->>bob: INVITE [sdp]
    bob->>alice: 183 [Require = 100rel, sdp]
    alice->>bob: PRACK
    bob->>alice: 200 PRACK
    alice->>bob: UPDATE [sdp.direction = "sendonly"]
    bob->>alice: 200 UPDATE [sdp.direction = "recvonly"]
    bob->>alice: 200 INVITE [!sdp]
    alice->>bob: ACK
  ]]
end)
