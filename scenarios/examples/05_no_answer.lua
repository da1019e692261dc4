-- Nobody picks up: the caller waits half a minute and gives up. 30 seconds of ringing cost nothing
-- under simulation.

scenario("nobody answers, the caller gives up", { net = "sim" }, function(t)
  -- net = "sim": it would take half a minute of real time.
  local alice, bob = t:agents("alice", "bob")
  bob:auto { ring = "1s" }            -- rings by itself and does nothing else

  local call = alice:invite(bob)
  call:expect(180)
  call:expect_none("200 INVITE", "30s")
  call:cancel()
  call:expect(487)
  expect(t:now()):between(31, 32)
end)
