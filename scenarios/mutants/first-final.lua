-- RFC 3261 §16.7 item 6: the best final response goes back, once all are there.
local proxy_of = require("_proxy")

scenario("the best response, not the first", function(t)
  local caller, proxy, desk, mobile = proxy_of(t, "desk", "mobile")
  caller:send(proxy, { method = "OPTIONS", uri = "sip:bob@example.com" })
  desk:reply(desk:expect("OPTIONS"), 404)
  t:sleep("100ms")
  mobile:reply(mobile:expect("OPTIONS"), 200)
  caller:expect(200)
end)
