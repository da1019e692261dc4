-- RFC 6665 §4.2.1.4: a subscription that nobody refreshes ends when its time is over.
local alice_of = require("_alice")

scenario("an expired subscription is over", function(t)
  local alice, w = alice_of(t), t:wire("w")
  w:ignore("200|500")
  w:send(alice, sip.request { method = "SUBSCRIBE", uri = alice.uri, contact = w.uri,
    headers = { Event = "presence", Expires = "60" } })
  local sub = alice:expect_subscribe("presence")
  sub:accept { notify = false }
  sub:notify("open")
  w:reply(w:expect("NOTIFY"), 200)
  local last = w:expect("NOTIFY", { within = "61s" })
  w:reply(last, 200)
end)
