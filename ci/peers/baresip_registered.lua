-- baresip registers at our proxy and registrar with digest, is called through it, and calls through it.
local port = tonumber(param("port"))
local transport = param("transport", "udp")
local ca = param("ca", "")

-- Its ACK of a 2xx has no credentials, though RFC 3261 §13.2.2.4 wants those of the INVITE.
scenario("baresip behind our proxy over " .. transport,
         { net = "real", timeout = "60s", allow = { "AUT-010" } }, function(t)
  local proxy = t:proxy("proxy", {
    port = port, transport = { transport == "tls" and "tls" or "tcp", "udp" }, registrar = true, record_route = true,
    users = { bob = "zanzibar", alice = "open sesame" }, tls = transport == "tls" and { ca = ca } or nil })
  local aor = "sip:bob@" .. proxy.address
  local alice = t:agent("alice", { uri = "sip:alice@" .. proxy.address, outbound = proxy,
                                   auth = { user = "alice", password = "open sesame" } })
  alice:request("REGISTER", "sip:" .. proxy.address, { headers = { To = "<" .. alice.uri .. ">" } }):response(200)

  local leg = alice:expect_invite { within = "20s" }      -- it calls
  leg:ring()
  leg:answer()
  leg:wait("confirmed")
  leg:bye():response(200)

  expect(#proxy:bindings(aor)):equals(1)
  local call = alice:invite(aor)                           -- it is called
  call:wait("confirmed")
  expect(#call.dialog.route_set):at_least(1)
  call:bye():response(200)
  expect(#t:messages("dut->>proxy: INVITE [Proxy-Authorization]")):equals(1)
  expect(#t:messages("dut->>proxy: REGISTER [Authorization]")):at_least(1)
end)
