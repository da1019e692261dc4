-- RFC 3262 §7.2: RAck names the response by its RSeq, and the request by number and method.
local alice_of = require("_alice")

scenario("RAck names the response that it acknowledges", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  bob:ignore("PRACK")
  local call = alice:invite(bob)
  local invite = bob:expect("INVITE")
  bob:reply(invite, 183, { to_tag = "b", contact = bob.uri, headers = { Require = "100rel", RSeq = "7" } })
  call:expect(183)
  t:sleep("100ms")
  for _, prack in ipairs(t:messages("alice->>bob: PRACK")) do
    expect(prack:header("RAck")):equals("7 " .. invite.cseq.number .. " INVITE")
    bob:reply(prack, 200)
  end
  bob:reply(invite, 486, { to_tag = "b" })
  call:expect(486)
  bob:expect("ACK")
end)
