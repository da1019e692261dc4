-- The trapezoid of RFC 3261 §4: each domain has a proxy of its own. Both record-route, and the route
-- sets of caller and callee are each other's, turned round.

scenario("a call between two domains, through both proxies", function(t)
  local bob = t:agent("bob", { uri = "sip:bob@biloxi.example" })
  local biloxi = t:proxy("biloxi", { domain = "biloxi.example", record_route = true,
                                     routes = { bob = bob } })
  local atlanta = t:proxy("atlanta", { domain = "atlanta.example", record_route = true,
                                       routes = { ["@biloxi.example"] = biloxi } })
  local alice = t:agent("alice", { uri = "sip:alice@atlanta.example", outbound = atlanta })

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  expect(leg.request.max_forwards):equals(68)
  expect(#leg.request.via):equals(3)
  leg:ring()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  expect(#call.dialog.route_set):equals(2)
  expect(call.dialog.route_set[1]):contains(atlanta.address)
  expect(leg.dialog.route_set[1]):contains(biloxi.address)

  t:mark()
  call:bye():response(200)
  t:flow [[
    alice->>atlanta: BYE
    atlanta->>biloxi: BYE
    biloxi->>bob: BYE
    bob->>biloxi: 200 BYE
    biloxi->>atlanta: 200 BYE
    atlanta->>alice: 200 BYE
  ]]
end)
