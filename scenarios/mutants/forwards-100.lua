-- RFC 3261 §16.7 item 5: a stateful proxy never forwards a 100; its own has but one Via.
local proxy_of = require("_proxy")

scenario("a 100 goes one hop", function(t)
  local caller, proxy, desk = proxy_of(t, "desk")
  caller:send(proxy, { method = "INVITE", uri = "sip:bob@example.com" })
  local invite = desk:expect("INVITE")
  desk:reply(invite, 100)
  t:sleep("100ms")
  desk:reply(invite, 486)
  desk:expect("ACK")
  caller:expect(486)
  expect(#t:messages("proxy->>caller: 100")):equals(1)
end)
