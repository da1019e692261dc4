-- With the wrong password the second 401 is the last word: asking again would change nothing
-- (RFC 3261 §22.1).

scenario("a phone with the wrong password is not registered", function(t)
  local reg   = t:registrar("reg", { domain = "example.com", users = { alice = "open sesame" } })
  local alice = t:agent("alice", { auth = { user = "alice", password = "open barley" } })

  local registration = alice:register(reg)
  registration:wait("failed")
  expect(registration.last_response.status):equals(401)
  expect(#reg:bindings("sip:alice@example.com")):equals(0)

  t:flow [[
    alice->>reg: REGISTER
    reg->>alice: 401
    alice->>reg: REGISTER [Authorization]
    reg->>alice: 401
  ]]
end)

scenario("nor is one that registers somebody else", function(t)
  local reg     = t:registrar("reg", { domain = "example.com", users = { alice = "a", mallory = "m" } })
  local mallory = t:agent("mallory", { auth = { user = "mallory", password = "m" } })

  local registration = mallory:register(reg, { aor = "sip:alice@example.com" })
  registration:wait("failed")
  expect(registration.last_response.status):equals(403)
end)
