-- RFC 4028 §10: where the other side was to refresh and does not, BYE before the session expires.
local alice_of = require("_alice")

scenario("a session that is not refreshed ends", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  bob:ignore("ACK")
  local call = alice:invite(bob)
  local invite = bob:expect("INVITE")
  bob:reply(invite, 200, { to_tag = "b", contact = bob.uri,
    headers = { Require = "timer", ["Session-Expires"] = "90;refresher=uas" } })
  local bye = bob:expect("BYE", { within = "61s" })
  bob:reply(bye, 200)
  call:wait("terminated")
end)
