-- Requests that go out once more: follow and retry.

local function contact(...)
  local uris = {}
  for i, party in ipairs { ... } do uris[i] = "<" .. party.uri .. ">" end
  return table.concat(uris, ", ")
end

-- A re-INVITE that was refused with 491 and waits to be asked again.
local function waiting(t)
  local alice, bob = t:agents("alice", "bob", { manual = { "reINVITE" } })
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  local tx = call:reinvite { retry = true }
  leg:expect_request("INVITE"):respond(491)
  tx:expect(491)
  return call, leg, tx
end

scenario("an address is asked once, whoever names it", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol", { follow = true })
  local call = alice:invite(bob)
  bob:expect_invite():respond(302, { contact = contact(bob, carol) })
  carol:expect_invite():respond(302, { contact = contact(bob) })
  call:wait("terminated")
  expect(call.ended):equals("rejected")
  expect(call.last_response.status):equals(302)
  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 302
    alice->>bob: ACK
    alice->>carol: INVITE
    carol->>alice: 302
    alice->>carol: ACK
  ]]
end)

scenario("what is told of the first address is forgotten at the next", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call = alice:invite(bob, { follow = true })
  local leg = bob:expect_invite()
  leg:ring()
  call:wait("early")
  local tag = call.dialog.remote_tag
  leg:respond(302, { contact = contact(carol) })
  local other = carol:expect_invite()
  expect(call.dialog):is_nil()
  other:ring()
  call:expect(180)
  expect(call.dialog.remote_tag):never():equals(tag)
  other:answer()
  call:wait("confirmed")
  expect(#call:forks()):equals(1)
  call:bye():response(200)
end)

scenario("a 302 that is followed can be expected, but need not", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call = alice:invite(bob, { follow = true })
  bob:expect_invite():redirect(carol)
  call:expect(302)
  carol:expect_invite():answer()
  call:expect(200)
  call:bye():response(200)
end)

scenario("the caller cancels at the second address", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call = alice:invite(bob, { follow = true })
  bob:expect_invite():redirect(carol)
  carol:expect_invite():ring()
  call:expect(180)
  call:cancel():response(200)
  call:wait("terminated")
  expect(call.ended):equals("cancelled")
  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 302
    alice->>bob: ACK
    alice->>carol: INVITE
    carol->>alice: 180
    alice->>carol: CANCEL
    carol->>alice: 200 CANCEL
    carol->>alice: 487 INVITE
    alice->>carol: ACK
  ]]
end)

scenario("what was cancelled is not followed", { net = "sim" }, function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  t.net:delay("bob->>alice: 302", "1s")
  local call = alice:invite(bob, { follow = true })
  local leg = bob:expect_invite()
  leg:ring()
  call:expect(180)
  leg:redirect(carol)
  call:cancel():response(200)
  call:expect(302)
  expect(call.ended):equals("rejected")
  carol:expect_none("INVITE", "5s")
end)

scenario("an address where nobody is, is passed over", function(t)
  local alice, bob, carol, dave = t:agents("alice", "bob", "carol", "dave")
  carol:crash()
  local call = alice:invite(bob, { follow = true })
  bob:expect_invite():respond(302, { contact = contact(carol, dave) })
  dave:expect_invite():answer()
  call:wait("confirmed")
  call:bye():response(200)
end)

scenario("a refusal for everywhere ends the search", function(t)
  local alice, bob, carol, dave = t:agents("alice", "bob", "carol", "dave")
  local call = alice:invite(bob, { follow = true })
  bob:expect_invite():respond(302, { contact = contact(carol, dave) })
  carol:expect_invite():reject(603)
  call:expect(603)
  dave:expect_none("INVITE", "5s")
end)

scenario("an agent's follow is overruled by a call's", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol", { follow = true })
  local call = alice:invite(bob, { follow = false })
  bob:expect_invite():redirect(carol)
  call:expect(302)
  carol:expect_none("INVITE", "5s")
end)

scenario("a MESSAGE is followed as an INVITE is", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol", { manual = { "MESSAGE" } })
  local tx = alice:message(bob, "where are you?", { follow = true })
  bob:expect_request("MESSAGE"):respond(301, { contact = contact(carol) })
  local there = carol:expect_request("MESSAGE")
  expect(there.request.body):equals("where are you?")
  expect(there.request.content_type.type):equals("text")
  there:respond(200)
  tx:response(200)
  expect(tx.request.cseq.number):equals(2)
end)

scenario("headers of a Contact come into the next request", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call = alice:invite(bob, { follow = true, headers = { Subject = "a", ["Call-Info"] = "<http://a>" } })
  bob:expect_invite():respond(302, {
    contact = "<" .. carol.uri
      .. "?Subject=b%20c&Call-Info=%3Chttp://b%3E&From=sip:eve%40example.com&X-Y=1%0D%0AVia:%20no>",
  })
  local leg = carol:expect_invite()
  expect(leg.request:header("Subject")):equals("b c")
  expect(leg.request:headers("Call-Info")):equals { "<http://a>", "<http://b>" }
  expect(leg.request.from.uri.user):equals("alice")
  expect(leg.request:header("X-Y")):is_nil()
  expect(leg.request:headers("Via")[2]):is_nil()
  expect(leg.request:is("INVITE")):equals(true)
  leg:reject(486)
  call:expect(486)
end)

scenario("422: the interval is what was asked for", function(t)
  local alice, bob = t:agent("alice", { retry = true }), t:wire("bob")
  local call = alice:invite(bob, {
    headers = { Supported = "timer", ["Session-Expires"] = "90;refresher=uac" },
  })
  local first = bob:expect("INVITE")
  bob:reply(first, 422, { to_tag = "b", headers = { ["Min-SE"] = "1800" } })
  bob:expect("ACK")
  local second = bob:expect("INVITE [Call-ID = " .. first.call_id .. "]")
  expect(second:header("Session-Expires")):equals("1800;refresher=uac")
  expect(second:header("Min-SE")):equals("1800")
  expect(second.cseq.number):equals(2)
  expect(second.from.tag):equals(first.from.tag)
  expect(second.via[1].branch):never():equals(first.via[1].branch)
  -- no more than we ask for already: the answer is final
  bob:reply(second, 422, { to_tag = "c", headers = { ["Min-SE"] = "1800" } })
  bob:expect("ACK")
  call:expect(422)
  call:wait("terminated")
end)

scenario("a call that ends does not wait for its next try", { net = "sim" }, function(t)
  local call, leg, tx = waiting(t)
  leg:bye():response(200)
  expect(function() tx:response(200) end):raises("491")
end)

scenario("other requests may go out while a re-INVITE waits", { net = "sim" }, function(t)
  local call, leg, tx = waiting(t)
  call:info { body = "x", content_type = "text/plain" }
  leg:expect_request("INFO"):respond(200)
  local again = leg:expect_request("INVITE")
  expect(again.request.cseq.number):equals(4)
  again:respond(200)
  tx:response(200)
  call:bye():response(200)
end)

scenario("a try that is waited for can be cancelled", { net = "sim" }, function(t)
  local call, leg, tx = waiting(t)
  expect(tx:cancel()):is_nil()
  leg:expect_none("INVITE", "10s")
  call:bye():response(200)
end)
