-- A fetch: a SUBSCRIBE with Expires 0 asks for the state once, and nothing is left of it (RFC 6665 §4.4.3).

scenario("the state is fetched once", function(t)
  local alice, bob = t:agents("alice", "bob")

  local fetch = alice:subscribe(bob, "presence", { expires = 0 })
  local sub   = bob:expect_subscribe("presence")
  sub:accept()
  sub:notify("<presence/>")

  fetch:wait("terminated")
  expect(fetch.reason):equals("timeout")
  expect(fetch.last_notify.body):equals("<presence/>")
  t:flow [[
    alice->>bob: SUBSCRIBE [Expires = 0]
    bob->>alice: 200 SUBSCRIBE [Expires = 0]
    bob->>alice: NOTIFY
    alice->>bob: 200 NOTIFY
  ]]
end)
