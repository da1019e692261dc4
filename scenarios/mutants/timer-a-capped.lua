-- RFC 3261 §17.1.1.2: Timer A doubles with each copy and, other than Timer E, knows no ceiling of T2.
local alice_of = require("_alice")

scenario("Timer A of an INVITE is not capped at T2", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  bob:ignore("INVITE")
  local call = alice:invite(bob)
  call:expect("timeout")
  t:flow [[
    alice->>bob: INVITE x7 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 15.5s, 31.5s
  ]]
end)
