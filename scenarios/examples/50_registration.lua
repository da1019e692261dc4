-- alice registers. The registrar asks who she is, and she proves it by herself: an account is all that it takes.

scenario("a phone registers with its password", function(t)
  local reg   = t:registrar("reg", { domain = "example.com", users = { alice = "open sesame" } })
  local alice = t:agent("alice", { auth = { user = "alice", password = "open sesame" } })

  local registration = alice:register(reg, { expires = "10m" })
  registration:wait("registered")
  expect(reg:bindings("sip:alice@example.com")[1].expires):between(599, 600)

  registration:terminate()
  registration:wait("unregistered")
  expect(#reg:bindings("sip:alice@example.com")):equals(0)

  t:flow [[
    alice->>reg: REGISTER [CSeq.number = 1, !Authorization]
    reg->>alice: 401 [WWW-Authenticate ~ "realm=.example.com."]
    alice->>reg: REGISTER [CSeq.number = 2, Authorization ~ "nc=00000001"]
    reg->>alice: 200 REGISTER
    Note over alice,reg: later ones bring their credentials along
    alice->>reg: REGISTER [CSeq.number = 3, Authorization ~ "nc=00000002", Expires = 0]
    reg->>alice: 200 REGISTER [!Contact]
  ]]
end)
