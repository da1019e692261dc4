-- Two agents on a simulated network, or (--net real) on sockets of this machine.
scenario("a call is set up and the callee hangs up", { tags = { "basic" } }, function(t)
  local alice, bob = t:agents("alice", "bob")

  local call = alice:invite(bob)      -- sends INVITE, does not block
  local leg = bob:expect_invite()     -- blocks until bob has it
  leg:ring()                          -- 180
  leg:answer()                        -- 200 with an SDP answer
  call:wait("confirmed")              -- the ACK goes out by itself
  leg:wait("confirmed")               -- bob has the ACK
  t:sleep("3s")                       -- costs nothing under simulation
  leg:bye()
  call:wait("terminated")

  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 100?
    bob->>alice: 180
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    bob->>alice: BYE
    alice->>bob: 200 BYE
  ]]
end)
