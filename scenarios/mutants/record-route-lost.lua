-- RFC 3261 §16.7 item 9: of a response a proxy takes its own Via and nothing else.
local proxy_of = require("_proxy")

scenario("Record-Route comes back to the caller", function(t)
  local caller, proxy, desk = proxy_of(t, "desk")
  caller:send(proxy, { method = "INVITE", uri = "sip:bob@example.com" })
  desk:reply(desk:expect("INVITE"), 200)
  expect(caller:expect(200):header("Record-Route")):contains(proxy.address)
end)
