-- RFC 5626: a phone behind a firewall can be reached by the connection that it registered by, and by no other.
-- It keeps that alive; when it breaks, it registers by another one at once, and calls come by that.
scenario("calls come by the flow, also after it broke", function(t)
  local proxy = t:proxy("proxy", { transport = "tcp", domain = "example.com", registrar = true, flow_timer = "60s" })
  local phone = t:agent("phone", { transport = "tcp", uri = "sip:alice@example.com", outbound = proxy })
  local bob = t:agent("bob", { transport = "tcp", outbound = proxy })
  phone:register(proxy, { instance = "urn:uuid:00000000-0000-1000-8000-000A95A0E128", reg_id = 1 }):wait("registered")

  local function talk()
    local call = bob:invite("sip:alice@example.com")
    phone:expect_invite():answer()
    call:wait("confirmed")
    call:bye():response(200)
  end
  talk()
  t.net:reset("phone", "proxy")                          -- the firewall has forgotten it
  t:sleep("1s")
  talk()

  t:flow([[
    phone->>proxy: REGISTER
    proxy->>phone: 200 [Require = outbound, Flow-Timer = 60]
    proxy->>phone: INVITE
    phone->>proxy: 200 INVITE
    phone->>proxy: REGISTER
    proxy->>phone: 200
    proxy->>phone: INVITE
    phone->>proxy: 200 INVITE
  ]], { loose = true })
end)
