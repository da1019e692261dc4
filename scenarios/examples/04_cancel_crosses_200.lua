-- CANCEL and 200 meet on the way. The CANCEL comes too late and changes nothing (RFC 3261 §9.1): the
-- call is up, and it takes a BYE to end it.

scenario("a CANCEL that crosses the 200 leaves the call up", { net = "sim" }, function(t)
  -- net = "sim": that two messages cross is a matter of a millisecond.
  local alice, bob = t:agents("alice", "bob")
  t.net:link("alice", "bob", { latency = "50ms" })

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:ring()
  call:wait("early")
  t:sleep("1s")
  leg:answer()                        -- it takes 50 ms to reach alice …
  call:cancel()                       -- … who does not know of it yet
  call:wait("confirmed")
  leg:wait("confirmed")
  call:bye()
  leg:wait("terminated")

  t:flow([[
    alice->>bob: INVITE
    bob->>alice: 100?
    bob->>alice: 180
    bob->>alice: 200 INVITE
    alice->>bob: CANCEL
    alice->>bob: ACK
    bob->>alice: 200 CANCEL
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]], { interleave = true })
end)
