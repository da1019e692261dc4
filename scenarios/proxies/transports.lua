-- Where the transport changes at a proxy: RFC 3261 §16.6 items 4 and 9, RFC 5658.

scenario("each side gets the address that it can reach", function(t)
  local bob = t:agent("bob", { uri = "sip:bob@example.com" })
  local proxy = t:proxy("proxy", { domain = "example.com", transport = { "udp", "tcp" }, record_route = true,
                                   routes = { bob = bob } })
  local alice = t:agent("alice", { transport = "tcp", outbound = proxy })

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  local routes = leg.request:headers("Record-Route")
  expect(#routes):equals(2)
  expect(routes[1]):never():contains("transport")        -- towards bob
  expect(routes[2]):contains(";transport=tcp;lr>")       -- towards alice
  expect(leg.request.via[1].transport):equals("UDP")
  expect(leg.request.via[2].transport):equals("TCP")
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye():response(200)
  expect(t:messages("proxy->>alice: BYE")[1].transport):equals("tcp")
  expect(#t:messages("proxy->>alice: BYE")[1]:headers("Route")):equals(0)
end)

scenario("what goes to a stream has a Content-Length", function(t)
  local caller, desk = t:wire("caller"), t:agent("desk", { transport = "tcp" })
  local proxy = t:proxy("proxy", { domain = "example.com", transport = { "udp", "tcp" }, routes = { bob = desk } })
  caller:send(proxy, { method = "MESSAGE", uri = "sip:bob@example.com", body = "hello",
                       content_type = "text/plain", headers = { ["Content-Length"] = false } })
  local tx = desk:expect_request("MESSAGE")
  expect(tx.request:header("Content-Length")):equals("5")
  expect(tx.request.body):equals("hello")
  tx:respond(200)
  caller:expect(200)
end)

scenario("a call through a proxy, all over TCP", function(t)
  local bob = t:agent("bob", { uri = "sip:bob@example.com", transport = "tcp" })
  local proxy = t:proxy("proxy", { domain = "example.com", transport = "tcp", record_route = true, routes = { bob = bob } })
  local alice = t:agent("alice", { transport = "tcp", outbound = proxy })
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  call:bye():response(200)
end)
