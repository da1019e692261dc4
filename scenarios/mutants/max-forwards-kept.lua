-- RFC 3261 §16.6 item 3: a proxy takes one from Max-Forwards.
local proxy_of = require("_proxy")

scenario("Max-Forwards is one less behind a proxy", function(t)
  local caller, proxy, desk = proxy_of(t, "desk")
  caller:send(proxy, { method = "OPTIONS", uri = "sip:bob@example.com", max_forwards = 7 })
  desk:reply(desk:expect("OPTIONS [Max-Forwards = 6]"), 200)
  caller:expect(200)
end)
