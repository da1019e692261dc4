-- The connection breaks in the middle of things. A message that has left is not sent again by anybody but its
-- sender's core; what comes next opens another connection, as if nothing had been.

scenario("a connection that breaks in a call is opened again", function(t)
  local alice, bob = t:agents("alice", "bob", { transport = "tcp" })

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  t.net:reset("alice", "bob")
  t:sleep("1s")
  call:bye():response(200)
  leg:wait("terminated")
  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 100?
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    Note over alice,bob: RST
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]]
end)

scenario("an answer comes by another connection when the first one is gone", {
  covers = { "TRP-014" } }, function(t)
  local alice, bob = t:agents("alice", "bob", { transport = "tcp" })

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  call:wait("early")
  t.net:reset("alice", "bob")
  leg:answer()                        -- bob opens one, to the port of alice's Via: RFC 3261 §18.2.2
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye():response(200)
end)

scenario("nobody takes the connection: the call is unreachable", { covers = { "CTI-005" } }, function(t)
  local alice, bob = t:agents("alice", "bob", { transport = "tcp" })
  t.net:refuse("bob")

  local call = alice:invite(bob)
  call:expect("unreachable")
  expect(call.ended):equals("unreachable")
end)
