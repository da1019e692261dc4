-- RFC 3261 §16.6 item 8, §8.1.1.7: a branch begins with the magic cookie, a proxy's too.
local proxy_of = require("_proxy")

scenario("a proxy's branch has the magic cookie", function(t)
  local caller, proxy, desk = proxy_of(t, "desk")
  caller:send(proxy, { method = "OPTIONS", uri = "sip:bob@example.com" })
  local options = desk:expect("OPTIONS")
  desk:reply(options, 200)
  caller:expect(200)
  expect(options.via[1].branch):matches("^z9hG4bK")
end)
