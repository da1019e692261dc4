-- What a script gets wrong is an ERROR that names the mend.

--> error: unknown option 'transprot' of agent; did you mean 'transport'?
scenario("an unknown option", function(t)
  --v
  t:agent("alice", { transprot = "udp" })
end)

--> error: unknown method or field 'invtie' of an agent; did you mean 'invite'?
scenario("an unknown method", function(t)
  local alice, bob = t:agents("alice", "bob")
  --v
  alice:invtie(bob)
end)

--> error: the name "loop" cannot be: this name is taken: it is a word of flows; choose another
scenario("a reserved name", function(t)
  t:agent("loop")
end)

--> error: the name "alice" cannot be: there is somebody of this name already; choose another
scenario("a name twice", function(t)
  t:agents("alice", "alice")
end)

--> error: pattern "INVTIE": unknown method 'INVTIE'*
scenario("a misspelt method in a pattern", function(t)
  t:agent("bob"):expect("INVTIE")
end)

--> error: alice: the state forbids this BYE*
scenario("a BYE after the end", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():reject(486)
  call:expect(486)
  call:bye()
end)

--> error: alice: answer is for the callee: this call sent the INVITE itself
scenario("the caller answers", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:invite(bob):answer()
end)

--> error: bob: cancel is for the caller: this call received its INVITE
scenario("the callee cancels", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:invite(bob)
  bob:expect_invite():cancel()
end)

--> error: bob: the state forbids this 200*
scenario("two answers", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  leg:answer()
end)

--> error: another request went out in this call since its INVITE*
scenario("a status that could answer two requests", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():answer()
  call:wait("confirmed")
  call:bye()
  call:expect(200)
end)

--> error: bob has answered BYE by itself; to answer it here give the agent the option manual = {"BYE"}
scenario("what the agent answers is not the script's", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  call:bye()
  leg:expect_request("BYE"):respond(200)
end)

--> error: a call is never 'confirmd'; did you mean 'confirmed'?*
scenario("a misspelt state", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:invite(bob):wait("confirmd")
end)

--> error: expect_none wants to know how long: expect_none("BYE", "2s")
scenario("expect_none without a time", function(t)
  t:agent("bob"):expect_none("BYE")
end)

--> error: alice: no address to send this MESSAGE to*
scenario("a target without an address", function(t)
  t:agent("alice"):message("sip:bob@example.com", "hello")
end)

--> error: "_sip._udp.example.com" leads to "a.example.com", which is not there: add ["a.example.com"]*
scenario("a zone that leads nowhere", function(t)
  t.net:dns { ["_sip._udp.example.com"] = { srv = { 1, 1, 5060, "a.example.com" } } }
end)

--> error: "_sip._udp.example.com": srv = wants rows { priority, weight, port*
scenario("an SRV record without a target", function(t)
  t.net:dns { ["_sip._udp.example.com"] = { srv = { { 1, 1, 5060 } } } }
end)

--> error: SRV records belong to a service, ["_sip._udp.example.com"], not to "example.com"*
scenario("an SRV record at a domain", function(t)
  t.net:dns { ["example.com"] = { srv = { 1, 1, 5060, "." } } }
end)

--> error: "a.example.com" has a cname and other records: an alias has nothing else*
scenario("an alias with an address", function(t)
  t.net:dns { ["a.example.com"] = { a = "192.0.2.1", cname = "b.example.com" },
              ["b.example.com"] = { a = "192.0.2.1" } }
end)

--> error: "bob.example.com": that is an IPv4 address: write a = instead of aaaa =
scenario("an address of the wrong family", function(t)
  t.net:dns { ["bob.example.com"] = { aaaa = t:agent("bob") } }
end)

--> error: "_sip._tcp.example.com": bob does not listen for that transport
scenario("a port that nobody has", function(t)
  t.net:dns { ["_sip._tcp.example.com"] = { srv = { 1, 1, t:agent("bob"), "." } } }
end)

--> error: unknown option 'svr' of a name of t.net:dns; did you mean 'srv'?
scenario("a misspelt record", function(t)
  t.net:dns { ["_sip._udp.example.com"] = { svr = { 1, 1, 5060, "." } } }
end)

--> error: there is no agent or wire "bbo"
scenario("a fault with a wrong name", function(t)
  t:agents("alice", "bob")
  t.net:drop("alice->>bbo: INVITE", 1)
end)

--> error: unknown method 'dorp' of t.net; did you mean 'drop'?
scenario("a misspelt fault", function(t)
  t.net:dorp("alice->>bob: INVITE", 1)
end)

--> error: flow: there is no agent or wire "bbo"; did you mean 'bob'?
scenario("a flow with a wrong name", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  t:flow [[
    alice->>bbo: OPTIONS
  ]]
end)

--> error: unknown function sip.requst; did you mean 'request'?
scenario("a misspelt function of sip", function(t)
  sip.requst {}
end)

--> error: unknown field 'frm'*
scenario("a misspelt field of a message", function(t)
  local alice, bob = t:agents("alice", "bob")
  local got = alice:options(bob):response(200)
  expect(got.frm):exists()
end)

--> error: a message cannot be changed; msg:with{…} gives a changed copy
scenario("a message is what was on the wire", function(t)
  local alice, bob = t:agents("alice", "bob")
  local got = alice:options(bob):response(200)
  got.status = 404
end)

scenario("force does what the state forbids", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  call:bye():response(200)
  call:bye({ force = true }):response(481)
end)

--> error: w: 65508 bytes do not fit into a datagram, which takes 65507 over IPv4
scenario("a datagram that no network takes", function(t)
  local w, v = t:wire("w"), t:wire("v")
  --v
  w:send(v, string.rep("x", 65508))
end)

--> error: expect_request wants a method, not "200"
scenario("a response as a request at a wire", function(t)
  t:wire("w"):expect_request("200")
end)

--> error: unknown method or field 'repsond' of a server transaction; did you mean 'respond'?
scenario("a method misspelt of a wire's transaction", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  alice:options(w)
  --v
  w:expect_request("OPTIONS"):repsond(200)
end)

--> error: the device that sipwright plays knows no action 'anwser'; did you mean 'answer'?
scenario("an action misspelt", function(t)
  t.dut:trigger("anwser")
end)

--> error: dut: hold wants a call that is up, and there was none for 32 s
scenario("a trigger that nothing comes of", function(t)
  t.dut:trigger("hold")
end)

--> error: dut: register wants a registrar (t:registrar), and there was none for 32 s
scenario("a registration at nobody", function(t)
  t.dut:trigger("register")
end)

--> error: call wants an agent, a wire, t.dut or a URI, not nil
scenario("a call to nobody", function(t)
  t.dut:trigger("call")
end)

--> error: there is no capability '100erl'; did you mean '100rel'?
scenario("a capability misspelt", function(t)
  t.dut:supports("100erl")
end)

--> skip: it needs 'siprec', which the device that sipwright plays has not: run with --target
scenario("what the device that sipwright plays cannot do", { needs = { "siprec" } }, function(t)
  t:agent("alice"):options(t.dut):response(200)
end)

--> error: flow: there is no dut before t.dut is asked for
scenario("a flow of a device that nobody asked for", function(t)
  t:flow "dut->>dut: OPTIONS"
end)

--> error: option 'expires' of subscribe is whole seconds
scenario("half a second of a subscription", function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:subscribe(bob, "presence", { expires = "1.5s" })
end)

--> error: option 'events' is a list of strings: item 2 is number
scenario("a package that is no name", function(t)
  t:agent("alice", { events = { "presence", 5 } })
end)

--> error: sip.authorize wants a request, the response that challenged it, a user and a password
scenario("credentials for no challenge", function(t)
  local w = t:wire("w")
  local request = sip.request { method = "OPTIONS", uri = w.uri }
  sip.authorize(request, request, "alice", "open")
end)

--> error: agent has an account and auth: give one of them
scenario("two ways to say who an agent is", function(t)
  t:agent("alice", { account = "1001", auth = { password = "x" } })
end)
