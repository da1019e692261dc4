-- Bob forwards his calls to robert, and robert his to bob. The proxy sends each on to its own domain, so
-- the request comes back to it: as a spiral the first time, for the Request-URI is another, and as a
-- loop the second time, when nothing is new about it (RFC 3261 §16.3 item 4, RFC 5393 §4.2).

scenario("a request that goes in a circle is stopped with 482", function(t)
  local proxy = t:proxy("proxy", { domain = "example.com",
                                   routes = { bob = "sip:robert@example.com", robert = "sip:bob@example.com" } })
  local alice = t:agent("alice", { outbound = proxy })

  alice:invite("sip:bob@example.com"):expect(482)
  t:flow([[
    alice->>proxy: INVITE
    proxy->>proxy: INVITE [uri.user = robert, Max-Forwards = 69]
    proxy->>proxy: INVITE [uri.user = bob, Max-Forwards = 68]
    proxy->>proxy: 482 INVITE
    proxy->>proxy: 482 INVITE
    proxy->>alice: 482 INVITE
  ]], { loose = true })
end)
