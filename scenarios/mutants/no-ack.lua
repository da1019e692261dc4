-- RFC 3261 §13.2.2.4: the caller's core sends an ACK for each 2xx.
local alice_of = require("_alice")

scenario("a 2xx gets its ACK", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  alice:invite(bob)
  local invite = bob:expect("INVITE")
  bob:reply(invite, 200, { to_tag = "b", contact = bob.uri })
  bob:expect("ACK", { within = "5s" })
end)
