-- RFC 3261 §16.11: a proxy without transactions; §8.3: a redirect server.
local setup = require("_setup")

scenario("copies are forwarded as copies, 100 comes from nobody", function(t)
  local caller, proxy, callees = setup.proxy(t, { stateless = true }, "desk")
  local desk = callees.desk
  local invite = caller:send(proxy, setup.request("INVITE"))
  local came = desk:expect("INVITE")
  t:sleep("500ms")
  caller:send(proxy, invite)
  t:sleep("500ms")
  desk:reply(came, 486)
  local no = caller:expect(486)
  caller:send(proxy, sip.ack(invite, no))
  expect(desk:expect("ACK").via[1].branch):equals(came.via[1].branch)
  t:flow([[
    caller->>proxy: INVITE x2
    proxy->>desk: INVITE x2
    desk->>proxy: 486
    proxy->>caller: 486
    caller->>proxy: ACK
    proxy->>desk: ACK
  ]], { interleave = true })
end)

scenario("CANCEL takes the way and the branch of its INVITE", function(t)
  local caller, proxy, callees = setup.proxy(t, { stateless = true }, "a", "b")
  local invite = caller:send(proxy, setup.request("INVITE"))
  local came = callees.a:expect("INVITE")
  caller:send(proxy, sip.cancel(invite))
  local cancel = callees.a:expect("CANCEL")
  expect(cancel.via[1].branch):equals(came.via[1].branch)
  callees.a:reply(cancel, 200)
  callees.a:reply(came, 487)
  caller:expect_all { "200 CANCEL", 487 }
  callees.b:expect_none("*", "1s")
end)

scenario("a client of RFC 2543 has no branch to hash", function(t)
  local caller, proxy, callees = setup.proxy(t, { stateless = true }, "desk")
  local old = setup.request("OPTIONS", { branch = "1", headers = { ["Call-ID"] = "x" }, from_tag = "1" })
  local first = caller:send(proxy, old)
  local came = callees.desk:expect("OPTIONS")
  expect(came.via[1].branch):matches("^z9hG4bK")
  caller:send(proxy, setup.request("OPTIONS", { branch = "1", cseq = 2, headers = { ["Call-ID"] = "x" }, from_tag = "1" }))
  expect(callees.desk:expect("OPTIONS").via[1].branch):never():equals(came.via[1].branch)
end)

scenario("a stateless proxy refuses, too", function(t)
  local caller, proxy = setup.proxy(t, { stateless = true }, "desk")
  caller:send(proxy, setup.request("OPTIONS", { max_forwards = 0 }))
  caller:expect(483)
end)

scenario("a call between agents through a stateless proxy", function(t)
  local bob = t:agent("bob", { uri = "sip:bob@example.com" })
  local proxy = t:proxy("proxy", { domain = "example.com", stateless = true, record_route = true, routes = { bob = bob } })
  local alice = t:agent("alice", { outbound = proxy })
  t.net:drop("proxy->>bob: INVITE", 1)
  t.net:drop("bob->>proxy: 200 INVITE", 2)
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye():response(200)
end)

scenario("a redirect server says where bob is", function(t)
  local caller, desk, mobile = t:wire("caller"), t:wire("desk"), t:wire("mobile")
  local server = t:redirect("server", { domain = "example.com",
    routes = { bob = { { mobile, q = 0.25 }, desk }, carol = {} } })
  caller:send(server, setup.request("OPTIONS"))
  local moved = caller:expect(302)
  expect(moved:headers("Contact")):equals { "<" .. desk.uri .. ">", "<" .. mobile.uri .. ">;q=0.250" }
  caller:send(server, setup.request("OPTIONS", { uri = "sip:carol@example.com" }))
  caller:expect(480)
  caller:send(server, setup.request("OPTIONS", { uri = "sip:dave@example.com" }))
  caller:expect(404)
end)
