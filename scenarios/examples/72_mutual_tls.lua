-- Mutual TLS: each side shows who it is, and the server lets in the domains that it knows.

local function gateway(t)
  return t:agent("gateway", { transport = "tls", tls = { verify = "mutual", peers = { "atlanta.example" } } })
end

scenario("a proxy that the gateway knows", function(t)
  local alice = t:agent("alice", { transport = "tls",
                                   tls = { cert = sip.certificate { san = "sip:atlanta.example" } } })
  alice:options(gateway(t)):response(200)
end)

scenario("a proxy that it does not know", function(t)
  local alice = t:agent("alice", { transport = "tls",
                                   tls = { cert = sip.certificate { san = "sip:biloxi.example" }, version = "1.2" } })
  alice:options(gateway(t)):response("unreachable")
  expect(#t:messages("alice->>gateway: *")):equals(0)
end)

scenario("one that does not say who it is", function(t)
  local alice = t:agent("alice", { transport = "tls", tls = { cert = false } })
  alice:options(gateway(t)):response("unreachable")
end)
