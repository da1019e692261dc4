-- What a call costs: INVITE, 100-less 180, 200, ACK, BYE, 200 are six messages; with bob's 100 by hand
-- it is the seven of the textbook. Both sides are scripted, one call after another.
local count = tonumber(param("calls", "1000"))

scenario("calls one after another", { timeout = "1000m" }, function(t)
  local alice = t:agent("alice")
  local bob = t:agent("bob")
  for _ = 1, count do
    local call = alice:invite(bob)
    local leg = bob:expect_invite()
    leg:respond(100)
    leg:ring()
    leg:answer()
    call:wait("confirmed")
    leg:wait("confirmed")
    call:bye()
    leg:wait("terminated")
    call:wait("terminated")
  end
  expect(count):at_least(1)
end)
