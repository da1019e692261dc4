-- Nothing arrives. Over UDP the INVITE is sent seven times in 32 seconds (Timer A doubles and has no
-- upper bound), then Timer B gives up with a 408 of the stack's own: it is on no wire (RFC 3261
-- §17.1.1.2).

scenario("an unanswered INVITE is sent seven times", { covers = { "CTI-001" }, net = "sim" }, function(t)
  -- net = "sim": it would take 32 seconds of real time.
  local alice, bob = t:agents("alice", "bob")
  t.net:blackhole("bob")

  local call = alice:invite(bob)
  call:expect("timeout")
  expect(t:now()):equals(32)
  expect(call.last_response.status):equals(408)
  expect(call.last_response.generated):equals(true)

  t:flow [[
    alice-xbob: INVITE x7 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 15.5s, 31.5s
  ]]
end)
