-- A bad line: three of ten packets are lost, both ways. The stacks repeat what is lost, and the calls
-- come about all the same, whichever packets these are: no seed is pinned here.

-- All seven copies of an INVITE are lost once in 4,500 calls. Who hears nothing for 32 seconds dials
-- again, as people do.
local function dial(alice, bob)
  local call = alice:invite(bob)
  if call:maybe("timeout") then return dial(alice, bob) end
  return call
end

scenario("twenty calls over a link that loses 30 %", { net = "sim" }, function(t)
  -- net = "sim": half of the waiting is for retransmissions, minutes of it.
  local alice, bob = t:agents("alice", "bob")
  t.net:link("alice", "bob", { latency = "20ms", jitter = "10ms", loss = 0.3 })
  bob:auto { answer = "1s", bye = "5s" }

  for _ = 1, 20 do
    local call = dial(alice, bob)
    call:wait("confirmed")
    -- bob hangs up when he has the ACK, or after 32 s of repeating his 200; a BYE may take as long again
    call:wait("terminated", { within = "70s" })
    expect(call.ended):equals("remote bye")
  end
end)
