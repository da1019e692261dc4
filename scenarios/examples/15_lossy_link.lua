-- A bad line: three of ten packets are lost, both ways, the same ones for the same seed. The stacks
-- repeat what is lost, and the calls come about all the same.

scenario("twenty calls over a link that loses 30 %", { net = "sim", seed = 3 }, function(t)
  -- net = "sim": half of the waiting is for retransmissions, minutes of it.
  local alice, bob = t:agents("alice", "bob")
  t.net:link("alice", "bob", { latency = "20ms", jitter = "10ms", loss = 0.3 })
  bob:auto { answer = "1s", bye = "5s" }

  for _ = 1, 20 do
    local call = alice:invite(bob)
    call:wait("confirmed")
    call:wait("terminated", { within = "40s" })
    expect(call.ended):equals("remote bye")
  end
end)
