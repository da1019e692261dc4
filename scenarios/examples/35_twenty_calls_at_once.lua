-- Twenty calls at once through a proxy, and one of ten packets is lost on each of its links. Each hop
-- repeats what it sent, the callee its 200 until the ACK is there, and all calls come about.

scenario("twenty calls at once through a proxy that loses 10 %", { net = "sim" }, function(t)
  -- net = "sim": most of the time is waiting for retransmissions.
  local bob   = t:agent("bob", { uri = "sip:bob@example.com" })
  local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = bob }, record_route = true })
  local alice = t:agent("alice", { uri = "sip:alice@example.com", outbound = proxy })
  t.net:link("alice", "proxy", { latency = "20ms", jitter = "10ms", loss = 0.1 })
  t.net:link("proxy", "bob", { latency = "20ms", jitter = "10ms", loss = 0.1 })
  bob:auto { ring = "500ms", answer = "2s" }

  for _ = 1, 20 do
    t:spawn(function()
      local call = alice:invite(bob)
      call:wait("confirmed")
      t:sleep("10s")
      call:bye():response(200)
    end)
  end
  t:all()
end)
