-- RFC 6665 §4.2.1.2: a subscription that is accepted is notified at once.
local alice_of = require("_alice")

scenario("an accepted subscription gets its NOTIFY", function(t)
  local alice, w = alice_of(t), t:wire("w")
  w:ignore("200|500")
  w:send(alice, sip.request { method = "SUBSCRIBE", uri = alice.uri, contact = w.uri,
    headers = { Event = "presence", Expires = "60" } })
  alice:expect_subscribe("presence"):accept()
  w:reply(w:expect("NOTIFY", { within = "1s" }), 481)
end)
