-- RFC 3261 §20.14: Content-Length is the size of the body in octets.
local alice_of = require("_alice")

scenario("Content-Length is the body's length", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  local sent = alice:message(bob, "Watson, come here.")
  local message = bob:expect("MESSAGE")
  bob:reply(message, 200)
  sent:response(200)
  local _, header_end = message.raw:find("\r\n\r\n", 1, true)
  expect(tonumber(message:header("Content-Length"))):equals(#message.raw - header_end)
end)
