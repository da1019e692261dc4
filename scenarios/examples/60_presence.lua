-- A subscription (RFC 6665): who watches asks, is told the state at once and at each change, refreshes by
-- itself while it lasts, and unsubscribes. The last NOTIFY says that it is over.

local function pidf(basic)
  return '<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:bob@example.com">'
    .. '<tuple id="desk"><status><basic>' .. basic .. '</basic></status></tuple></presence>'
end

scenario("alice watches bob's presence", { net = "sim" }, function(t) -- ten minutes of real time else
  local alice, bob = t:agents("alice", "bob")

  local watch = alice:subscribe(bob, "presence", { expires = "5m" })
  local sub   = bob:expect_subscribe("presence", { from = alice })
  sub:accept()                                       -- 200, for as long as was asked for
  sub:notify(pidf("closed"))
  expect(watch:expect_notify().body):contains("closed")
  sub:notify(pidf("open"))
  expect(watch:expect_notify("active").body):contains("open")

  t:flow [[
    alice->>bob: SUBSCRIBE [Expires = 300]
    bob->>alice: 200 SUBSCRIBE [Expires = 300]
    bob->>alice: NOTIFY
    alice->>bob: 200 NOTIFY
    bob->>alice: NOTIFY
    alice->>bob: 200 NOTIFY
  ]]

  t:mark()
  t:sleep("9m")                                      -- refreshed meanwhile, or it would be over
  expect(watch.state):equals("active")
  watch:terminate()
  watch:wait("terminated")
  expect(watch.reason):equals("timeout")             -- RFC 6665 §4.2.1.4
  sub:wait("terminated")
end)
