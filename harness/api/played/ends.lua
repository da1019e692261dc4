-- How a scenario ends, though every line of it was content.

local function refused(t)
  local alice, bob = t:agents("alice", "bob")
  alice:invite(bob)
  bob:expect_invite():reject(486)
  t:sleep("1s")
end

--> fail: bob: MESSAGE from alice was never answered
scenario("a request that nobody answers", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:message(bob, "hello")
  t:sleep("1s")
  expect(1):equals(1)
end)

--> fail: bob: INVITE from alice was never answered
scenario("an INVITE that nobody takes", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:invite(bob)
  t:sleep("1s")
  expect(1):equals(1)
end)

--> fail: bob: INVITE from alice was never answered
scenario("an INVITE that was taken and not answered", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:invite(bob)
  bob:expect_invite()
end)

--> fail: bob: MESSAGE from alice was never answered
scenario("a request that is still under way at the end", function(t)
  local alice, bob = t:agents("alice", "bob")
  expect(1):equals(1)
  alice:message(bob, "hello")
end)

--> fail: bob: INFO from alice was never answered
scenario("a request in a call that nobody answers", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():answer()
  call:wait("confirmed")
  call:info()
  t:sleep("1s")
end)

scenario("a call that rings at the end is no fault", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():ring()
  call:expect(180)
end)

scenario("a call that is up at the end is no fault", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():answer()
  call:wait("confirmed")
end)

--> fail: alice: nobody looked at the final response 486 Busy Here at 0.002 s
scenario("a final response that nobody looks at", function(t)
  refused(t)
end)

--> fail: alice: nobody looked at the final response 404 Not Found to MESSAGE at 0.002 s
scenario("a final response in a transaction that nobody looks at", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:message(bob, "hello")
  bob:expect_request("MESSAGE"):respond(404)
end)

--> fail: alice: nobody looked at the failure of OPTIONS, a timeout or transport error at 32.000 s
scenario("a timeout that nobody looks at", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:blackhole("bob")
  alice:options(bob)
  t:sleep("40s")
  expect(1):equals(1)
end)

scenario("wait uses the response that made its state true", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():reject(486)
  call:wait("terminated")
end)

scenario("a flow uses the responses of its lines", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:invite(bob)
  bob:expect_invite():reject(486)
  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 486
    alice->>bob: ACK
  ]]
end)

scenario("allow names what need not be looked at", { allow = { "bob->>alice: 486" } }, function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:invite(bob)
  bob:expect_invite():reject(486)
end)

--> fail: bob: nobody read OPTIONS from alice at 0.001 s
scenario("a wire's unread message", { allow = { "MSG-013" } }, function(t)
  local alice, bob = t:agent("alice"), t:wire("bob")
  alice:options(bob)
  t:sleep("10ms")
  expect(1):equals(1)
end)

scenario("a wire's ignored message", function(t)
  local alice, bob = t:agent("alice"), t:wire("bob")
  bob:ignore("OPTIONS")
  alice:options(bob)
  t:sleep("10ms")
  expect(1):equals(1)
end)

--> fail: the fault "alice->>bob: BYE" was not used up: 0 of 1 such messages came
scenario("a fault that was never used", function(t)
  local alice, bob = t:agents("alice", "bob")
  --v
  t.net:drop("alice->>bob: BYE", 1)
  alice:options(bob):response(200)
end)

--> fail: the fault "alice->>bob: OPTIONS" was not used up: 2 of 9 such messages came
scenario("a fault that was not used up", function(t)
  local alice, bob = t:agents("alice", "bob")
  --v
  t.net:drop("alice->>bob: OPTIONS", 9)
  t:sleep("1ms")
  local tx = alice:options(bob)
  t:sleep("1s")
  alice:crash()
end)

scenario("an optional fault", function(t)
  local alice, bob = t:agents("alice", "bob")
  local fault = t.net:drop("alice->>bob: BYE", 1, { optional = true })
  alice:options(bob):response(200)
  expect(fault.hits):equals(0)
end)

--> fail: OPTIONS from alice to bob at 0.002 s came after the last line of the flow
scenario("a stray message after the last line of a flow", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  --v
  t:flow [[
    alice->>bob: OPTIONS
    bob->>alice: 200
  ]]
  alice:options(bob):response(200)
end)

--> fail: OPTIONS from alice to bob at 0.002 s came after the last line of the flow
scenario("a stray message between two flows of others", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  alice:options(bob):response(200)
  --v
  t:flow [[
    alice->>bob: OPTIONS
    bob->>alice: 200
  ]]
  alice:options(bob):response(200)
  alice:options(carol):response(200)
  t:flow [[
    alice->>carol: OPTIONS
    carol->>alice: 200
  ]]
end)

scenario("a mark ends the silence", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  t:flow [[
    alice->>bob: OPTIONS
    bob->>alice: 200
  ]]
  t:mark()
  alice:options(bob):response(200)
end)

scenario("a flow goes on where the last one ended", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  t:flow [[
    alice->>bob: OPTIONS
    bob->>alice: 200
  ]]
  alice:message(bob, "hello")
  bob:expect_request("MESSAGE"):respond(200)
  t:flow [[
    alice->>bob: MESSAGE
    bob->>alice: 200
  ]]
end)

--> fail: alice->>bob: OPTIONS at 0 s (message 8), but Max-Forwards = 69 (it is 70) does not hold
scenario("a flow's check that does not hold", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  t:flow [[
    alice->>bob: OPTIONS [Max-Forwards = 69]
    bob->>alice: 200
  ]]
end)

--> fail: alice: expected 180 from bob, got 486 Busy Here at 0.002 s
scenario("a failure inside pcall stays one", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():reject(486)
  pcall(function()
    --v
    call:expect(180)
  end)
  call:wait("terminated")
end)

--> inconclusive*
scenario("nothing asserted", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob)
end)

--> error: on_send of alice: oh no
scenario("an error in a hook", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:on_send(function(msg) error("oh no") end)
  alice:options(bob):response(200)
end)

--> error: corrupt("alice->>bob: OPTIONS"): its function gives the bytes, not nil
scenario("a corrupt function that gives nothing", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:corrupt("alice->>bob: OPTIONS", function() end)
  alice:options(bob):response(200)
end)

scenario("the tidy-up is seen by no flow and no check", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():answer()
  call:wait("confirmed")
  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 200
    alice->>bob: ACK
  ]]
end)

--> fail: alice: nobody looked at the final response 486 Busy Here*
scenario("a loose flow lets a refusal through, and looks at none", function(t)
  refused(t)
  t:flow("alice->>bob: INVITE", { loose = true })
end)

scenario("a line of a loose flow looks at a refusal", function(t)
  refused(t)
  t:flow("bob->>alice: 486", { loose = true })
end)

scenario("what one flow has looked at another may let through", function(t)
  local alice, bob = t:agents("alice", "bob")
  t:mark("begin")
  alice:invite(bob)
  bob:expect_invite():reject(486)
  t:sleep("1s")
  t:flow("bob->>alice: 486", { loose = true })
  t:flow("alice->>bob: INVITE", { loose = true, from = "begin" })
end)
