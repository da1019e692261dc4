-- A minute is too brief for this registrar: 423 with the least that it takes, which the phone then asks
-- for (RFC 3261 §10.2.8).

scenario("a registrar wants a longer time", function(t)
  local reg   = t:registrar("reg", { min_expires = "5m" })
  local alice = t:agent("alice")

  local registration = alice:register(reg, { expires = "1m" })
  registration:wait("registered")
  expect(registration.expires):between(299, 300)

  t:flow [[
    alice->>reg: REGISTER [Expires = 60]
    reg->>alice: 423 [Min-Expires = 300]
    alice->>reg: REGISTER [Expires = 300, CSeq.number = 2]
    reg->>alice: 200 REGISTER
  ]]
end)
