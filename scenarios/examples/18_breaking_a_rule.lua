-- A well-behaved agent is made to break one rule: on_send sees each message at the wire and may
-- change it or swallow it. Here every ACK of alice is swallowed, so bob repeats his 200 until he
-- gives up and hangs up (RFC 3261 §13.3.1.4).

scenario("a caller that never sends ACK is hung up on", { net = "sim" }, function(t)
  -- net = "sim": bob's patience is 32 seconds.
  local alice, bob = t:agents("alice", "bob")
  alice:on_send(function(msg)
    if msg:is("ACK") then return false end
  end)

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("terminated", { within = "33s" })

  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 200 INVITE x11
    bob->>alice: BYE @ ..32s
    alice->>bob: 200 BYE
  ]]
end)

scenario("an answer with a wrong tag opens no call", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob")
  bob:on_send(function(msg)
    if msg:is("200 INVITE") then return msg:with { branch = "z9hG4bK-somebody-else" } end
  end)

  local call = alice:invite(bob)
  bob:expect_invite():answer()
  call:expect("timeout")              -- no transaction of hers has that branch
end)
