-- Who was to refresh the session does not, as if its battery were empty. The other side hangs up, 32
-- seconds before the session expires (RFC 4028 §10).

scenario("a session that nobody refreshes ends", { net = "sim" }, function(t)
  -- net = "sim": minutes of it.
  local alice = t:agent("alice", { session = { expires = "2m", refresher = "uac" }, refresh = false })
  local bob   = t:agent("bob")
  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")

  leg:wait("terminated", { within = "2m" })
  expect(leg.ended):equals("timeout")
  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 200 INVITE [Session-Expires = 120]
    alice->>bob: ACK
    bob->>alice: BYE @ 88s ± 10ms
    alice->>bob: 200 BYE
  ]]
end)
