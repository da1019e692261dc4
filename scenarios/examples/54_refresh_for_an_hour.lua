-- An hour of a phone that registers for ten minutes at a time. It takes no time here, and so it is not for
-- the real network.

scenario("a registration is kept up for an hour", { net = "sim", timeout = "2h" }, function(t)
  local reg   = t:registrar("reg", { domain = "example.com", users = { alice = "open" } })
  local alice = t:agent("alice", { auth = { user = "alice", password = "open" } })

  local registration = alice:register(reg, { expires = "10m" })
  registration:wait("registered")
  for _ = 1, 60 do
    t:sleep("1m")
    expect(#reg:bindings("sip:alice@example.com"), "bindings"):equals(1)
  end

  -- the first one and its challenge, then one every 568 s: 32 s before the time is over
  expect(#t:messages("alice->>reg: REGISTER")):equals(2 + 6)
end)

scenario("without refresh it is over when its time is", { net = "sim" }, function(t)
  local reg   = t:registrar("reg")
  local alice = t:agent("alice")

  local registration = alice:register(reg, { expires = "2m", refresh = false })
  registration:wait("registered")
  registration:wait("unregistered", { within = "121s" })
  expect(#t:messages("alice->>reg: REGISTER")):equals(1)
end)
