-- RFC 6665 §4.2.2: each NOTIFY says the state of its subscription.
local alice_of = require("_alice")

scenario("a NOTIFY has a Subscription-State", function(t)
  local alice, w = alice_of(t), t:wire("w")
  w:ignore("200|500")
  w:send(alice, sip.request { method = "SUBSCRIBE", uri = alice.uri, contact = w.uri,
    headers = { Event = "presence", Expires = "60" } })
  local sub = alice:expect_subscribe("presence")
  sub:accept()
  sub:notify("open")
  local notify = w:expect("NOTIFY")
  w:reply(notify, 481)
  sub:expect(481)
  expect(notify:header("Subscription-State")):equals("active;expires=60")
end)
