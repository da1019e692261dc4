-- What a call costs over a stream: the same messages as calls.lua, by one connection each way.
local count, transport = tonumber(param("calls", "1000")), param("transport", "tcp")

scenario("calls one after another over a stream", { timeout = "1000m" }, function(t)
  local alice, bob = t:agents("alice", "bob", { transport = transport })
  for _ = 1, count do
    local call = alice:invite(bob)
    local leg = bob:expect_invite()
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
