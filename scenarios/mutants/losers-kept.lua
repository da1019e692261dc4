-- RFC 3261 §16.7 item 10: once somebody has answered, the others are cancelled.
local proxy_of = require("_proxy")

scenario("who did not answer is cancelled", function(t)
  local caller, proxy, desk, mobile = proxy_of(t, "desk", "mobile")
  caller:send(proxy, { method = "INVITE", uri = "sip:bob@example.com" })
  desk:reply(desk:expect("INVITE"), 180)
  caller:expect(180)
  mobile:reply(mobile:expect("INVITE"), 200)
  caller:expect(200)
  desk:reply(desk:expect("CANCEL", { within = "1s" }), 200)
end)
