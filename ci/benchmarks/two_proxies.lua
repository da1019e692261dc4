-- What a call through two proxies costs: both record-route, so that each of its messages makes three hops.
-- With the 100 of each proxy that is 23 messages a call.
local count = tonumber(param("calls", "1000"))

scenario("calls through two proxies", { timeout = "1000m" }, function(t)
  local bob = t:agent("bob", { uri = "sip:bob@biloxi.example" })
  local biloxi = t:proxy("biloxi", { domain = "biloxi.example", record_route = true, routes = { bob = bob } })
  local atlanta = t:proxy("atlanta", { domain = "atlanta.example", record_route = true,
                                       routes = { ["@biloxi.example"] = biloxi } })
  local alice = t:agent("alice", { uri = "sip:alice@atlanta.example", outbound = atlanta })
  for _ = 1, count do
    local call = alice:invite(bob)
    local leg = bob:expect_invite()
    leg:ring()
    leg:answer()
    call:wait("confirmed")
    leg:wait("confirmed")
    call:bye()
    leg:wait("terminated")
    call:wait("terminated")
  end
  expect(count):at_least(1)
end)
