-- What is longer than 1,300 bytes does not go by UDP, RFC 3261 §18.1.1, and Via says so. What is small again
-- goes by UDP again. Who knows no TCP refuses the connection, and gets the same request by UDP.

local long = { Subject = ("a long story "):rep(110) }

scenario("a big INVITE goes by TCP", { covers = { "TRP-002" } }, function(t)
  local alice, bob = t:agents("alice", "bob", { transport = { "udp", "tcp" } })

  local call = alice:invite(bob, { headers = long })
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  call:bye():response(200)
  t:flow [[
    alice->>bob: INVITE [Via.transport = "TCP"]
    bob->>alice: 100?
    bob->>alice: 200 INVITE [Via.transport = "TCP"]
    alice->>bob: ACK [Via.transport = "UDP"]
    alice->>bob: BYE [Via.transport = "UDP"]
    bob->>alice: 200 BYE
  ]]
end)

scenario("a big INVITE to who knows no TCP goes by UDP after all", { covers = { "TRP-003" } }, function(t)
  local alice = t:agent("alice", { transport = { "udp", "tcp" } })
  local bob = t:agent("bob")

  local call = alice:invite(bob, { headers = long })
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  call:bye():response(200)
  t:flow [[
    alice->>bob: INVITE [Via.transport = "UDP", CSeq.number = 1]
    bob->>alice: 100?
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]]
end)
