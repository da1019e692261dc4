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

-- With retry = true an agent waits and asks again by itself.
scenario("two re-INVITEs meet, and both are asked again", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob", { retry = true })   -- bob waits up to 2 s
  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  t:mark()

  local hers = call:hold()
  local his  = leg:reinvite()
  his:response(200)
  hers:response(200)
  call:bye()

  t:flow [[
    par
      alice->>bob: INVITE
      bob->>alice: 491
      alice->>bob: ACK
    and
      bob->>alice: INVITE
      alice->>bob: 491
      bob->>alice: ACK
    end
    bob->>alice: INVITE
    alice->>bob: 200 INVITE
    bob->>alice: ACK
    alice->>bob: INVITE
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]]
end)
