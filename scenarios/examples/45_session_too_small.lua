-- The callee wants no sessions shorter than five minutes, and says so: 422 with Min-SE. The caller
-- tries again with what it was told (RFC 4028 §7.3, §7.4).

scenario("a 422 is met with a longer interval", function(t)
  local alice = t:agent("alice", { session = { expires = "100s" }, retry = true })
  local bob   = t:agent("bob", { session = { min_se = "5m" } })
  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")

  t:flow [[
    alice->>bob: INVITE [Session-Expires = 100]
    bob->>alice: 422 [Min-SE = 300]
    alice->>bob: ACK
    alice->>bob: INVITE [Session-Expires = 300, Min-SE = 300]
    bob->>alice: 200 INVITE [Session-Expires = 300]
    alice->>bob: ACK
  ]]
end)
