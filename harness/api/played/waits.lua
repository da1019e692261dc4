-- What waits say when they fail, and that they fail at once where nothing can come any more.

local function ringing(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  return call, leg, alice, bob
end

--> fail: alice: expected 183 from bob, got 486 Busy Here at 0.002 s
scenario("a provisional response that can come no more", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():reject(486)
  call:expect(183)
end)

--> fail: alice: expected 180 from bob within 2 s, got 486 Busy Here at 0.002 s
scenario("the same with a bound", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():reject(486)
  call:expect(180, { within = "2s" })
end)

--> fail: alice: expected 200 from bob within 2 s, got only 180 Ringing at 0.002 s
scenario("a bound that is over", function(t)
  local call, leg = ringing(t)
  call:expect(200, { within = "2s" })
end)

--> fail: bob: expected MESSAGE within 5 s, nothing came
scenario("a message that never comes", function(t)
  local alice, bob = t:agents("alice", "bob")
  bob:expect("MESSAGE", { within = "5s" })
end)

--> fail: bob: expected INVITE within 32 s, nothing came
scenario("an INVITE that never comes", function(t)
  local bob = t:agent("bob")
  bob:expect_invite()
end)

--> fail: alice: expected the call to be confirmed, it ended: rejected, 486 Busy Here at 0.002 s
scenario("a state that can never be", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():reject(486)
  call:wait("confirmed")
end)

--> fail: alice: expected the call to be terminated, it was still early after 1 s
scenario("a state that is late", function(t)
  local call, leg = ringing(t)
  call:wait("terminated", { within = "1s" })
end)

--> fail: bob: expected BYE from alice, the call has ended: cancelled
scenario("a request of a call that has ended", function(t)
  local call, leg = ringing(t)
  call:wait("early")
  call:cancel()
  call:wait("terminated")
  leg:expect("BYE")
end)

--> fail: alice: expected no 180 for 1 s, got 180 Ringing at 0.002 s
scenario("what was not to come", function(t)
  local call, leg = ringing(t)
  call:expect_none(180, "1s")
end)

--> fail: w: expected BYE next, got OPTIONS at 0.001 s
scenario("a wire's next message is another one", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  alice:options(w)
  w:expect("BYE")
end)

--> fail: w: expected OPTIONS [Max-Forwards = 69] next, got OPTIONS at 0.001 s (Max-Forwards = 69*
scenario("a wire's message that fails its check", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  alice:options(w)
  w:expect("OPTIONS [Max-Forwards = 69]")
end)

--> fail: alice: expected 200 from bob, got 404 Not Found to MESSAGE at 0.002 s
scenario("another final response of a transaction", function(t)
  local alice, bob = t:agents("alice", "bob")
  local sent = alice:message(bob, "hello")
  bob:expect_request("MESSAGE"):respond(404)
  sent:response(200)
end)

--> fail: alice: expected 180 from bob, got a timeout at 32.000 s
scenario("a timeout where a response was waited for", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:blackhole("bob")
  local call = alice:invite(bob)
  call:expect(180)
end)

--> fail: alice: expected 486 from bob within 1 s, got only 180 Ringing at 0.002 s
scenario("soft failures let the scenario go on", function(t)
  local call, leg = ringing(t)
  call:expect("486", { within = "1s", soft = true })
  call:cancel()
  call:wait("terminated")
end)

scenario("maybe gives nil", function(t)
  local call, leg, alice, bob = ringing(t)
  expect(call:maybe(183, { within = "1s" })):is_nil()
  expect(call:maybe(180).status):equals(180)
  expect(bob:maybe("OPTIONS", { within = "1s" })):is_nil()
  expect(t:now()):between(2, 2.1)
  leg:reject(480)
  expect(call:maybe(183)):is_nil()          -- it can come no more: no time passes
  expect(t:now()):between(2, 2.1)
  call:expect(480)
end)

scenario("expect_all gives them in the order of its list", { allow = { "*->>*: MESSAGE" } }, function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  alice:message(carol, "one")
  bob:options(carol):response(200)
  local texts = carol:expect_all { "OPTIONS", "MESSAGE" }
  expect(texts[1].method):equals("OPTIONS")
  expect(texts[2].body):equals("one")
end)

--> fail: alice: expected the call to be confirmed, it was still early after 1 s; another leg of its fork is, see call:forks()
scenario("the leg that rang first is not the one that was picked up", function(t)
  local alice, desk, mobile = t:agents("alice", "desk", "mobile")
  local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = { desk, mobile } } })
  local call = alice:invite("sip:bob@example.com", { route = { "<sip:" .. proxy.address .. ";lr>" } })
  local lost, won = desk:expect_invite(), mobile:expect_invite()
  lost:ring()
  t:sleep("10ms")
  won:ring()
  won:answer()
  call:wait("confirmed", { within = "1s" })
end)
