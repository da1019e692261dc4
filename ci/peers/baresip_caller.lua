-- baresip calls (a command of its control port, sent by the script beside this): twice to be answered and
-- hung up on, once to be refused.
local transport = param("transport", "udp")

scenario("baresip calls over " .. transport, { net = "real", timeout = "60s" }, function(t)
  local alice = t:agent("alice", { port = tonumber(param("port")), transport = transport })
  local leg = alice:expect_invite { within = "20s", from = t.dut }
  leg:ring()
  t:sleep("200ms")
  leg:answer()
  leg:wait("confirmed")
  leg:bye():response(200)
  expect(t.dut.name):equals("dut")
end)
