-- The network falls apart in the middle of a call and comes back. The BYE that was under way is
-- sent again and again, and arrives when the network is whole.

scenario("a partition in mid-call heals in time", { net = "sim" }, function(t)
  -- net = "sim": the minutes of waiting cost nothing there.
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  leg:wait("confirmed")

  t:mark()
  t.net:partition("alice", "bob")
  local bye = call:bye()
  t:sleep("5s")
  expect(leg.state):equals("confirmed")
  t.net:heal("alice", "bob")
  bye:response(200)
  leg:wait("terminated")

  t:flow [[
    alice-)bob: BYE x5 @ 0, 500ms, 1.5s, 3.5s, 7.5s
    bob->>alice: 200 BYE
  ]]
end)

scenario("a partition that does not heal ends the call by timeout", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():answer()
  call:wait("confirmed")

  t.net:partition("alice", "bob")
  local bye = call:bye()
  bye:response("timeout")
  expect(call.state):equals("terminated")
end)
