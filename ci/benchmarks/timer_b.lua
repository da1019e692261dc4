-- Nobody answers: seven INVITEs, and a 408 of the stack's own after 32 s.
scenario("an unanswered INVITE is sent seven times", function(t)
  local alice, bob = t:agent("alice"), t:wire("bob")
  bob:ignore("INVITE")
  local call = alice:invite(bob)
  call:wait("terminated", { within = "33s" })
  expect(call.last_response.status):equals(408)
  t:flow [[
    alice->>bob: INVITE x7 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 15.5s, 31.5s
  ]]
end)
