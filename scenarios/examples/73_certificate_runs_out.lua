-- A certificate is good for an hour of the scenario's own time, which costs nothing: what was set up
-- goes on, and who comes later is refused.

-- Simulated only: on a real network the hour is one.
scenario("a certificate runs out", { net = "sim", timeout = "2h" }, function(t)
  local alice, carol = t:agents("alice", "carol", { transport = "tls" })
  local bob = t:agent("bob", { transport = "tls", tls = { cert = { valid_for = "1h" } } })

  alice:options(bob):response(200)
  t:sleep("59m")
  carol:options(bob):response(200)
  t:sleep("2m")
  t:agent("dave", { transport = "tls" }):options(bob):response("unreachable")
end)
