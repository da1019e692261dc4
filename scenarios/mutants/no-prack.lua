-- RFC 3262 §4: a reliable provisional response gets its PRACK.
local alice_of = require("_alice")

scenario("a reliable 183 gets its PRACK", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  local call = alice:invite(bob)
  local invite = bob:expect("INVITE")
  bob:reply(invite, 183, { to_tag = "b", contact = bob.uri, headers = { Require = "100rel", RSeq = "7" } })
  local prack = bob:expect("PRACK", { within = "2s" })
  bob:reply(prack, 200)
  bob:reply(invite, 486, { to_tag = "b" })
  call:expect(486)
  bob:expect("ACK")
end)
