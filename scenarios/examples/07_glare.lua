-- Both sides send a re-INVITE at the same time. Each refuses the other's with 491 (RFC 3261 §14.2),
-- waits for a while of its own, and tries again; the owner of the Call-ID waits longer (§14.1).

scenario("two re-INVITEs meet", { net = "sim" }, function(t)
  -- net = "sim": that two requests cross is a matter of a millisecond.
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")

  local hers = call:reinvite()
  local his  = leg:reinvite()
  hers:response(491)
  his:response(491)

  t:sleep("1s")                       -- bob does not own the Call-ID: from 0 to 2 s
  leg:reinvite():response(200)
  t:sleep("2s")                       -- alice does: from 2.1 to 4 s
  call:reinvite():response(200)

  call:bye():response(200)
end)
