-- A call through a proxy that stays on the path: it puts itself into Record-Route, so that ACK and BYE
-- come by it, too (RFC 3261 §16.6 item 4, §16.12).

scenario("a call through a proxy that record-routes", function(t)
  local bob   = t:agent("bob", { uri = "sip:bob@example.com" })
  local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = bob }, record_route = true })
  local alice = t:agent("alice", { uri = "sip:alice@example.com", outbound = proxy })

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:ring()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye()
  call:wait("terminated")

  expect(call.dialog.route_set[1]):contains(proxy.address)
  t:flow([=[
    sequenceDiagram
    alice->>proxy: INVITE [Max-Forwards = 70, uri.host = "example.com"]
    proxy->>bob: INVITE [Max-Forwards = 69, Record-Route, uri.host != "example.com"]
    proxy->>alice: 100
    bob->>proxy: 180
    proxy->>alice: 180
    bob->>proxy: 200 INVITE
    proxy->>alice: 200 INVITE [!Via[2]]
    alice->>proxy: ACK
    proxy->>bob: ACK
    bob->>proxy: BYE
    proxy->>alice: BYE
    alice->>proxy: 200 BYE
    proxy->>bob: 200 BYE
  ]=], { interleave = true })
end)
