-- The registrar has forgotten its nonces. That is no wrong password: stale=true says so, and the phone
-- tries once more with the new one, counting from 1 again (RFC 7616 §3.3).

scenario("a stale nonce is one more try", function(t)
  local reg   = t:registrar("reg", { users = { alice = "open" } })
  local alice = t:agent("alice", { auth = { user = "alice", password = "open" } })

  local registration = alice:register(reg)
  registration:wait("registered")
  reg:new_nonce()
  registration:refresh():response(200)

  t:flow [[
    alice->>reg: REGISTER
    reg->>alice: 401
    alice->>reg: REGISTER [Authorization ~ "nc=00000001"]
    reg->>alice: 200 REGISTER
    alice->>reg: REGISTER [Authorization ~ "nc=00000002"]
    reg->>alice: 401 [WWW-Authenticate ~ "stale=true"]
    alice->>reg: REGISTER [Authorization ~ "nc=00000001"]
    reg->>alice: 200 REGISTER
  ]]
end)
