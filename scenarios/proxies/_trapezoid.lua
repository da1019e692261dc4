-- Alice, Proxy 1, Proxy 2 and Bob of RFC 3665 §3: two domains, both proxies stay on the path.
return function(t)
  local bob = t:agent("bob", { uri = "sip:bob@biloxi.example.com" })
  local p2 = t:proxy("p2", { domain = "biloxi.example.com", record_route = true, routes = { bob = bob } })
  local p1 = t:proxy("p1", { domain = "atlanta.example.com", record_route = true,
                             routes = { ["@biloxi.example.com"] = p2 } })
  local alice = t:agent("alice", { uri = "sip:alice@atlanta.example.com", outbound = p1 })
  return alice, bob
end
