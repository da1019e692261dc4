-- sip.js, a browser's SIP library, registers with our proxy over WebSocket with digest, calls our agent,
-- hangs up, and is called.
local port, transport = tonumber(param("port")), param("transport", "ws")

scenario("sip.js registers, calls and is called over " .. transport, { net = "real", timeout = "60s", allow = { "other->>*: *" } }, function(t)
  local alice = t:agent("alice", {
    uri = "sip:alice@example.test", auth = { user = "alice", password = "other", realm = "example.test" },
  })
  local proxy = t:proxy("proxy", {
    transport = { transport, "udp" }, port = port, tls = transport == "wss" and { cert = "cert.pem", key = "key.pem" } or nil, domain = "example.test", record_route = true,
    registrar = true, realm = "example.test", users = { phone = "secret", alice = "other" },
    routes = { alice = alice },
  })

  local leg = alice:expect_invite{ within = "30s" }
  leg:ring()
  leg:answer()
  leg:wait("confirmed")
  leg:wait("terminated")
  expect(leg.ended):equals("remote bye")

  local call = alice:invite("sip:phone@example.test", { route = { "<sip:" .. proxy.address .. ";lr>" } })
  call:wait("confirmed")
  call:bye():response(200)

  for _ = 1, 100 do -- it unregisters at the end
    if #proxy:bindings("sip:phone@example.test") == 0 then return end
    t:sleep("100ms")
  end
  t:fail("sip.js did not unregister")
end)
