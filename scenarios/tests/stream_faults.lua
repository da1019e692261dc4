-- Faults, hooks and crashes over TCP: what acts on messages acts as over UDP, what acts on bytes is delay.

local tcp = { transport = "tcp" }

scenario("a message that is dropped is dropped for good", function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  t.net:drop("bob->>alice: 200 OPTIONS", 1)
  alice:options(bob):expect("timeout", { within = "40s" })
  alice:options(bob):response(200)
end)

scenario("a message that is delayed lets others pass", function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  t.net:delay("alice->>bob: OPTIONS", "1s")
  local first, second = alice:options(bob), alice:options(bob)
  second:response(200)
  expect(t:now()):between(0, 0.5)
  first:response(200)
  expect(t:now()):between(1, 1.5)
end)

scenario("a message that is doubled is there twice", function(t)
  local alice, w = t:agent("alice", tcp), t:wire("w", tcp)
  t.net:duplicate("alice->>w: OPTIONS", 1)
  local tx = alice:options(w)
  local asked = w:expect("OPTIONS")
  w:reply(asked, 200)
  tx:response(200)
  expect(w:expect_connect().bytes):equals(2 * #asked.raw)
end)

scenario("a message that is corrupted so that its end is lost costs the connection", function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  t.net:corrupt("alice->>bob: OPTIONS", function(bytes) return (bytes:gsub("Content%-Length", "X-Length")) end)
  alice:options(bob):response(400)
  t:sleep("10ms")
  alice:options(bob):response(200)     -- by another one
end)

scenario("hooks see whole messages, however they are cut", function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  local seen = {}
  t.net:segment("alice", "bob", 3)
  bob:on_receive(function(msg) seen[#seen + 1] = msg.method end)
  alice:on_send(function(msg) return msg:with { headers = { Subject = "changed" } } end)
  alice:options(bob):response(200)
  expect(seen):equals { "OPTIONS" }
  expect(t:messages("alice->>bob: OPTIONS")[1]:header("Subject")):equals("changed")
end)

scenario("loss is delay, and nothing is lost", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  t.net:link("alice", "bob", { loss = 0.5 })
  for i = 1, 20 do
    alice:options(bob, { headers = { Subject = tostring(i) } }):response(200)
  end
  expect(t:now()):at_least(1)
  expect(#t:messages("alice->>bob: OPTIONS")):equals(20)
end)

scenario("a partition holds the bytes back until it heals", function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  alice:options(bob):response(200)
  t.net:partition("alice", "bob")
  local tx = alice:options(bob)
  tx:expect_none("*", "1s")
  t.net:heal("alice", "bob")
  tx:response(200)
end)

scenario("a partition that stays ends the connection, and the request with it", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  t.net:partition("alice", "bob")
  local tx = alice:options(bob)
  tx:expect("unreachable", { within = "40s" })
  expect(t:now()):between(10, 10.1)    -- the connection was waited for so long
end)

scenario("a black hole takes no connection", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  t.net:blackhole("bob")
  alice:options(bob):expect("unreachable", { within = "40s" })
  t.net:heal("bob")
  alice:options(bob):response(200)
end)

scenario("who crashes resets his connections, and has others after his restart", function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  alice:options(bob):response(200)
  bob:crash()
  t:sleep("10ms")
  alice:options(bob):expect("unreachable")
  bob:restart()
  alice:options(bob):response(200)
end)

scenario("both call at once: each has a connection of his own", function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  local a, b = alice:options(bob), bob:options(alice)
  a:response(200)
  b:response(200)
  expect(t:messages("alice->>bob: OPTIONS")[1].source):matches(":[1-9]\\d{4}$")
  expect(t:messages("bob->>alice: OPTIONS")[1].source):matches(":[1-9]\\d{4}$")
end)

scenario("many requests at once go by one connection", function(t)
  local alice, w = t:agent("alice", tcp), t:wire("w", tcp)
  local txs = {}
  for i = 1, 50 do txs[i] = alice:options(w) end
  local connection = w:expect_connect()
  for _ = 1, 50 do w:reply(w:expect("OPTIONS"), 200) end
  for i = 1, 50 do txs[i]:response(200) end
  expect(connection.state):equals("open")
  expect(connection.bytes):at_least(50 * 200)
end)

scenario("a body of a megabyte comes whole, through a small window", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  t.net:link("alice", "bob", { window = 1000, mtu = 600 })
  local text = ("0123456789"):rep(20000)
  local tx = alice:message(bob, text)
  local asked = bob:expect_request("MESSAGE", { within = "30s" })
  expect(#asked.request.body):equals(#text)
  asked:respond(200)
  tx:response(200)
end)

scenario("a connection that breaks at a byte", { net = "sim" }, function(t)
  local alice, bob = t:agents("alice", "bob", tcp)
  t.net:link("alice", "bob", { reset_at = 100 })
  alice:options(bob):expect("timeout", { within = "40s" })
  t.net:link("alice", "bob", { reset_at = 0 })
  alice:options(bob):response(200)
end)

scenario("agents with UDP and TCP answer by what they were asked", function(t)
  local both = t:agent("both", { transport = { "udp", "tcp" } })
  local u, s = t:wire("u"), t:wire("s", tcp)
  u:send(both, { method = "OPTIONS", uri = both.uri })
  expect(u:expect("200").transport):equals("udp")
  s:send(both, { method = "OPTIONS", uri = both.uri })
  expect(s:expect("200").transport):equals("tcp")
end)
