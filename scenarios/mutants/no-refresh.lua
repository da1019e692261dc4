-- RFC 4028 §7.2, §10: who has undertaken to refresh a session does so at half of its interval.
local alice_of = require("_alice")

scenario("the refresher refreshes", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  bob:ignore("ACK")
  alice:invite(bob)
  local invite = bob:expect("INVITE")
  bob:reply(invite, 200, { to_tag = "b", contact = bob.uri,
    headers = { Require = "timer", ["Session-Expires"] = "90;refresher=uac", Allow = "INVITE, UPDATE, BYE" } })
  local update = bob:expect("UPDATE", { within = "46s" })
  bob:reply(update, 200, { contact = bob.uri })
end)
