-- Session timers (RFC 4028): the caller asks for sessions of two minutes, and refreshes this one when
-- half of that is over, by UPDATE without an offer.

scenario("a session is refreshed at half of its interval", { net = "sim" }, function(t)
  -- net = "sim": minutes of it.
  local alice = t:agent("alice", { session = { expires = "2m" } })
  local bob   = t:agent("bob")
  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()                        -- grants them, and says who refreshes
  call:wait("confirmed")
  leg:wait("confirmed")
  t:sleep("130s")
  expect(call.state):equals("confirmed")

  t:flow [[
    alice->>bob: INVITE [Session-Expires = 120, Supported = timer]
    bob->>alice: 200 INVITE [Session-Expires = 120, Require = timer]
    alice->>bob: ACK
    alice->>bob: UPDATE [Session-Expires = 120, !sdp] @ 60s ± 10ms
    bob->>alice: 200 UPDATE [Session-Expires = 120]
    alice->>bob: UPDATE @ 60s ± 10ms
    bob->>alice: 200 UPDATE
  ]]
end)
