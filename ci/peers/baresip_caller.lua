-- baresip calls (a command of its control port, sent by the script beside this): twice to be answered and
-- hung up on, once to be refused.
local transport = param("transport", "udp")
local ca = param("ca", "")

scenario("baresip calls over " .. transport, { net = "real", timeout = "60s" }, function(t)
  local alice = t:agent("alice", { port = tonumber(param("port")), transport = transport,
                                   tls = transport == "tls" and { ca = ca } or nil })
  local leg = alice:expect_invite { within = "20s", from = t.dut }
  leg:ring()
  t:sleep("200ms")
  -- To a sip: URI it wants no sips: back: baresip 1.0 cannot send an ACK there.
  leg:answer { contact = transport == "tls" and "<sip:alice@" .. alice.address .. ";transport=tls>" or nil }
  leg:wait("confirmed")
  leg:bye():response(200)
  expect(t.dut.name):equals("dut")
end)
