-- What a call costs over loopback: the same messages as calls.lua, by one connection each way; `at_once` tasks
-- make one call after another.
local count, transport = tonumber(param("calls", "1000")), param("transport", "tcp")
local at_once = tonumber(param("at_once", "1"))

scenario("calls over loopback", { timeout = "1000m" }, function(t)
  local alice, bob = t:agents("alice", "bob", { transport = transport })
  local function work()
    for _ = 1, count // at_once do
      local call = alice:invite(bob)
      local leg = bob:expect_invite { call_id = call.request.call_id }
      leg:ring()
      leg:answer()
      call:wait("confirmed")
      leg:wait("confirmed")
      call:bye()
      leg:wait("terminated")
      call:wait("terminated")
    end
  end
  for _ = 1, at_once do t:spawn(work) end
  t:all()
  expect(count):at_least(1)
end)
