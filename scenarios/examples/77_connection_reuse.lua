-- RFC 5923: by one connection requests go both ways. Whoever opens it says in Via that he takes them, and his
-- certificate has to prove that he is whom they are for: else anybody could have the calls of others.

local function alice_asks_bob(t, alice_tls, bob_tls)
  local alice = t:agent("alice", { transport = "tls", tls = alice_tls })
  local bob = t:agent("bob", { transport = "tls", tls = bob_tls })
  alice:options(bob):response(200)
  bob:options(alice):response(200)
  local back = t:messages("bob->>alice: OPTIONS")[1]
  return back.source == bob.address -- where alice's connection goes to; one of his own has another port
end

scenario("bob asks back by alice's connection", function(t)
  expect(alice_asks_bob(t, { alias = true }, { verify = "mutual" })):equals(true)
  expect(t:messages("alice->>bob: OPTIONS")[1].via[1].alias):equals(true)
end)

scenario("not where she has not said that she takes requests", function(t)
  expect(alice_asks_bob(t, {}, { verify = "mutual" })):equals(false)
end)

scenario("nor where she has not proved who she is", function(t)
  expect(alice_asks_bob(t, { alias = true }, {})):equals(false)
  expect(#t:messages("bob->>alice: OPTIONS")):equals(1)
end)

scenario("nor where she is somebody else", function(t)
  local alice = t:agent("alice", { transport = "tls",
                                   tls = { alias = true, cert = sip.certificate { san = "sip:atlanta.example" } } })
  local bob = t:agent("bob", { transport = "tls", tls = { verify = "mutual" } })
  alice:options(bob):response(200)
  bob:options(alice):response("unreachable") -- he opens one of his own, and finds that it is not alice's address
end)
