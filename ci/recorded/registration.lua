-- Recorded by sipwright record: 1 call.

-- 6 messages between 2 parties.
scenario("alice sends registrar REGISTER", function(t)
  local alice = t:agent("alice", { auth = { user = "alice", password = secret("ALICE") } })
  local registrar = t:registrar("registrar", { users = { alice = secret("ALICE") } })

  local registration = alice:register(registrar, { expires = "600s" })
  registration:wait("registered")
  registration:terminate():response(200)

  t:flow [[
    alice->>registrar: REGISTER
    registrar->>alice: 401 REGISTER
    alice->>registrar: REGISTER
    registrar->>alice: 200 REGISTER
    alice->>registrar: REGISTER
    registrar->>alice: 200 REGISTER
  ]]
end)
