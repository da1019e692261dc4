-- Ten thousand calls up at once, both sides scripted.
local count = tonumber(param("calls", "10000"))

scenario("calls all open at once", { timeout = "1000m" }, function(t)
  local alice, bob = t:agents("alice", "bob")
  local calls, legs = {}, {}
  for i = 1, count do
    calls[i] = alice:invite(bob)
    legs[i] = bob:expect_invite()
    legs[i]:ring()
    legs[i]:answer()
    calls[i]:wait("confirmed")
  end
  expect(calls[count].state):equals("confirmed")
end)
