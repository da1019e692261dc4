-- A reliable 180 is lost on its way. The callee sends it again until the PRACK tells that it has come
-- (RFC 3262 §3), with intervals that double from T1.

scenario("a lost reliable 180 is sent again", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:drop("bob->>alice: 180", 1)

  local call = alice:invite(bob)      -- says Supported: 100rel
  local leg  = bob:expect_invite()
  leg:ring{ reliable = true }
  call:expect(180)                    -- the PRACK goes out by itself
  leg:expect("PRACK")                 -- and is answered by itself
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")

  t:flow([[
    alice->>bob: INVITE [Supported = 100rel]
    bob-xalice: 180 [Require = 100rel, RSeq = $rseq]
    bob->>alice: 180 [RSeq = $rseq] @ 500ms
    alice->>bob: PRACK [RAck.rseq = $rseq, RAck.method = "INVITE"]
    bob->>alice: 200 PRACK
    bob->>alice: 200 INVITE
    alice->>bob: ACK
  ]], { fold = true })                -- fold: the INVITE, too, is sent again before a 1xx is there
end)
