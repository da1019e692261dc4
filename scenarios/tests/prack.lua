-- Reliable provisional responses: RFC 3262, and the bad-input row B61. A wire is the other side, so
-- that each number can be wrong.

local function ringing(t, opts)
  local alice, bob = t:agent("alice", opts), t:wire("bob")
  bob:ignore("ACK")
  local call = alice:invite(bob)
  return alice, bob, call, bob:expect("INVITE")
end

local function reliable(bob, invite, status, rseq, opts)
  opts = opts or {}
  opts.to_tag, opts.contact = opts.to_tag or "b", bob.uri
  opts.headers = { Require = "100rel", RSeq = tostring(rseq) }
  bob:reply(invite, status, opts)
end

local function over(bob, call, invite)
  bob:reply(invite, 486, { to_tag = "b" })
  call:expect(486)
end

-- Stack of the callee: a call that a wire has begun.
local function called(t, headers, opts)
  local alice, bob = t:agent("alice", opts), t:wire("bob")
  local draft = { method = "INVITE", uri = alice.uri, headers = headers or { Supported = "100rel" } }
  local invite = bob:send(alice, draft)
  return alice, bob, alice:expect_invite(), invite
end

local function prack(bob, alice, invite, response, rack, cseq)
  local dialog = sip.dialog(invite, response)
  bob:send(alice, dialog:request("PRACK", { cseq = cseq or invite.cseq.number + 1,
                                            headers = { RAck = rack } }))
end

local function rack_of(response)
  return response:header("RSeq") .. " " .. response.cseq.number .. " INVITE"
end

scenario("RFC 3262 §4: RAck is of the response", { covers = { "PRK-009" } }, function(t)
  local _, bob, call, invite = ringing(t)
  reliable(bob, invite, 183, 776656)
  local got = bob:expect("PRACK")
  expect(got:header("RAck")):equals("776656 " .. invite.cseq.number .. " INVITE")
  expect(got.to.tag):equals("b")
  bob:reply(got, 200)
  over(bob, call, invite)
end)

for _, number in ipairs { "4294967295", "1" } do
  scenario("B61: RSeq " .. number .. " is acknowledged as it stands", function(t)
    local _, bob, call, invite = ringing(t)
    reliable(bob, invite, 183, number)
    local got = bob:expect("PRACK")
    expect(got:header("RAck")):equals(number .. " " .. invite.cseq.number .. " INVITE")
    bob:reply(got, 200)
    over(bob, call, invite)
  end)
end

scenario("B61: RSeq does not wrap around", function(t)
  local _, bob, call, invite = ringing(t)
  reliable(bob, invite, 183, "4294967295")
  bob:reply(bob:expect("PRACK"), 200)
  for _, number in ipairs { "0", "1", "4294967296" } do reliable(bob, invite, 180, number) end
  bob:expect_none("PRACK", "1s")
  over(bob, call, invite)
end)

for _, number in ipairs { "0", "4294967296", "-1", "x" } do
  scenario("B61: RSeq " .. number .. " makes no response reliable", function(t)
    local _, bob, call, invite = ringing(t)
    reliable(bob, invite, 183, number)
    bob:expect_none("PRACK", "1s")
    call:expect(183)                  -- it is a response all the same
    over(bob, call, invite)
  end)
end

scenario("B61: a response without RSeq is not reliable", function(t)
  local _, bob, call, invite = ringing(t)
  bob:reply(invite, 183, { to_tag = "b", contact = bob.uri, headers = { Require = "100rel" } })
  call:expect(183)
  bob:expect_none("PRACK", "1s")
  over(bob, call, invite)
end)

scenario("B61: a gap is not acknowledged, RFC 3262 §4", { covers = { "PRK-010" } }, function(t)
  local _, bob, call, invite = ringing(t)
  reliable(bob, invite, 183, 10)
  bob:reply(bob:expect("PRACK"), 200)
  call:expect(183)
  reliable(bob, invite, 180, 12)
  bob:expect_none("PRACK", "1s")
  call:expect_none(180, "10ms")
  reliable(bob, invite, 181, 11)
  local got = bob:expect("PRACK")
  expect(got:header("RAck")):matches("^11 ")
  bob:reply(got, 200)
  call:expect(181)
  over(bob, call, invite)
end)

scenario("B61: copies are discarded, RFC 3262 §4", { covers = { "PRK-011" } }, function(t)
  local _, bob, call, invite = ringing(t)
  for _ = 1, 3 do reliable(bob, invite, 183, 10) end
  bob:reply(bob:expect("PRACK"), 200)
  reliable(bob, invite, 183, 10)
  call:expect(183)
  bob:expect_none("PRACK", "1s")
  call:expect_none(183, "10ms")
  over(bob, call, invite)
end)

scenario("RFC 3262 §4: a 100 is never reliable", { covers = { "PRK-012" } }, function(t)
  local _, bob, call, invite = ringing(t)
  reliable(bob, invite, 100, 10)
  bob:expect_none("PRACK", "1s")
  over(bob, call, invite)
end)

scenario("RFC 3262 §4: each leg of a fork has numbers of its own",
  { covers = { "PRK-014" } }, function(t)
    local _, bob, call, invite = ringing(t)
    reliable(bob, invite, 183, 7)
    local first = bob:expect("PRACK")
    expect(first.to.tag):equals("b")
    bob:reply(first, 200)
    reliable(bob, invite, 183, 7, { to_tag = "c" })
    local second = bob:expect("PRACK")
    expect(second.to.tag):equals("c")
    bob:reply(second, 200)
    expect(#call:forks()):equals(2)
    over(bob, call, invite)
  end)

scenario("RFC 3262 §5: an offer is answered in the PRACK", { covers = { "PRK-013" } }, function(t)
  local alice, bob = t:agent("alice"), t:wire("bob")
  bob:ignore("ACK")
  local call = alice:invite(bob, { sdp = false })
  local invite = bob:expect("INVITE")
  reliable(bob, invite, 183, 1, { body = tostring(sip.sdp { address = bob.address }),
                                  content_type = "application/sdp" })
  local got = bob:expect("PRACK")
  expect(got.sdp.media[1].port):at_least(1)
  bob:reply(got, 200)
  bob:reply(invite, 200, { to_tag = "b", contact = bob.uri })
  call:wait("confirmed")
  expect(call.remote_sdp):exists()
  local bye = call:bye()
  bob:reply(bob:expect("BYE"), 200)
  bye:response(200)
end)

scenario("manual PRACK is the scenario's", function(t)
  local alice, bob, call, invite = ringing(t, { manual = { "PRACK" } })
  reliable(bob, invite, 183, 5)
  local response = call:expect(183)
  bob:expect_none("PRACK", "300ms")
  local sent = call:prack(response, { headers = { Subject = "by hand" } })
  local got = bob:expect("PRACK")
  expect(got:header("RAck")):equals("5 " .. invite.cseq.number .. " INVITE")
  expect(got:header("Subject")):equals("by hand")
  bob:reply(got, 200)
  sent:response(200)
  over(bob, call, invite)
  expect(alice.name):equals("alice")
end)

scenario("RFC 3262 §3: RSeq goes up by one, from 1 to 2^31 - 1",
  { covers = { "PRK-003" } }, function(t)
    local alice, bob, leg, invite = called(t)
    local last
    for i, status in ipairs { 183, 180, 182 } do
      leg:ring { status = status, reliable = true }
      local response = bob:expect(status)
      expect(response:header("Require")):equals("100rel")
      local rseq = tonumber(response:header("RSeq"))
      expect(rseq):between(1, 2 ^ 31 - 1)
      if last then expect(rseq):equals(last + 1) end
      last = rseq
      prack(bob, alice, invite, response, rack_of(response), invite.cseq.number + i)
      bob:expect("200 PRACK")
    end
    t:sleep("40s")                    -- no copies any more
    leg:reject(486)
    bob:send(alice, sip.ack(invite, bob:expect(486)))
  end)

for name, rack in pairs {
  ["a wrong RSeq"] = function(r) return r:header("RSeq") + 1 .. " 1 INVITE" end,
  ["a wrong CSeq number"] = function(r) return r:header("RSeq") .. " 9 INVITE" end,
  ["a wrong method"] = function(r) return r:header("RSeq") .. " 1 OPTIONS" end,
} do
  scenario("B61: " .. name .. " in RAck is a 481", { covers = { "PRK-007" } }, function(t)
    local alice, bob, leg, invite = called(t)
    leg:ring { reliable = true }
    local response = bob:expect(180)
    prack(bob, alice, invite, response, rack(response))
    bob:expect("481 PRACK")
    prack(bob, alice, invite, response, rack_of(response), invite.cseq.number + 2)
    bob:expect("200 PRACK")
    leg:reject(486)
    bob:send(alice, sip.ack(invite, bob:expect(486)))
  end)
end

scenario("B61: a PRACK without RAck is refused", function(t)
  local alice, bob, leg, invite = called(t)
  leg:ring { reliable = true }
  local response = bob:expect(180)
  prack(bob, alice, invite, response, false)
  bob:expect("4xx PRACK")
  prack(bob, alice, invite, response, rack_of(response), invite.cseq.number + 2)
  bob:expect("200 PRACK")
  leg:reject(486)
  bob:send(alice, sip.ack(invite, bob:expect(486)))
end)

scenario("B61: a second PRACK for one response is a 481", function(t)
  local alice, bob, leg, invite = called(t)
  leg:ring { reliable = true }
  local response = bob:expect(180)
  for i, status in ipairs { "200 PRACK", "481 PRACK" } do
    prack(bob, alice, invite, response, rack_of(response), invite.cseq.number + i)
    bob:expect(status)
  end
  leg:reject(486)
  bob:send(alice, sip.ack(invite, bob:expect(486)))
end)

scenario("B61: without PRACK the INVITE is refused after 64*T1, RFC 3262 §3", { covers = { "PRK-005", "PRK-006" } },
  function(t)
    local alice, bob, leg, invite = called(t)
    leg:ring { reliable = true }
    bob:expect(180)
    local refused = bob:expect("5xx INVITE", { within = "33s" })
    bob:send(alice, sip.ack(invite, refused))
    leg:wait("terminated")
    expect(leg.ended):equals("timeout")
    t:flow [[
      bob->>alice: INVITE
      alice->>bob: 180 x7 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 15.5s, 31.5s
      alice->>bob: 500 INVITE
      bob->>alice: ACK
    ]]
  end)

scenario("RFC 3262 §3: a PRACK after the final response is answered", function(t)
  local alice, bob, leg, invite = called(t)
  leg:ring { reliable = true }
  local response = bob:expect(180)
  leg:reject(486)
  bob:send(alice, sip.ack(invite, bob:expect(486)))
  prack(bob, alice, invite, response, rack_of(response))
  bob:expect("200 PRACK")
end)

scenario("B42: CANCEL, and then PRACK", function(t)
  local alice, bob, leg, invite = called(t)
  leg:ring { reliable = true }
  local response = bob:expect(180)
  bob:send(alice, sip.cancel(invite))
  bob:expect_all({ "200 CANCEL", "487 INVITE" })
  bob:send(alice, sip.ack(invite, sip.response(invite, 487, { to_tag = response.to.tag })))
  prack(bob, alice, invite, response, rack_of(response))
  bob:expect("200 PRACK")
  leg:wait("terminated")
  t:sleep("40s")                      -- nothing of the 180 is left
end)

scenario("RFC 3262 §3: Require: 100rel makes every response reliable", { covers = { "PRK-001" } }, function(t)
  local alice, bob, leg, invite = called(t, { Require = "100rel" })
  leg:ring()
  local response = bob:expect(180)
  expect(response:header("RSeq")):exists()
  prack(bob, alice, invite, response, rack_of(response))
  bob:expect("200 PRACK")
  leg:reject(486)
  bob:send(alice, sip.ack(invite, bob:expect(486)))
end)

scenario("RFC 3262 §3, §5: what is not allowed is refused here", { covers = { "PRK-002", "PRK-004", "PRK-008" } },
  function(t)
    local alice, bob = t:agents("alice", "bob")
    local call = alice:invite(bob, { headers = { Supported = false } })
    local leg = bob:expect_invite()
    expect(function() leg:ring { reliable = true } end):raises("does not say Supported: 100rel")
    leg:reject(486)
    call:expect(486)

    t.net:delay("alice->>bob: PRACK", "2s")
    call = alice:invite(bob)
    leg = bob:expect_invite()
    leg:ring { status = 183, reliable = true, sdp = true }
    expect(function() leg:ring { reliable = true } end):raises("state forbids")
    expect(function() leg:answer() end):raises("state forbids")
    leg:expect("PRACK")
    leg:answer()                      -- now it may
    call:wait("confirmed")
  end)

scenario("RFC 3262 §5: an offer in a PRACK is answered in its 200", function(t)
  local alice, bob = t:agent("alice", { manual = { "PRACK" } }), t:agent("bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring { status = 183, reliable = true, sdp = true }
  local sent = call:prack(call:expect(183), { sdp = { direction = "sendonly", version = 2 } })
  expect(sent:response(200).sdp.direction):equals("recvonly")
  expect(leg.remote_sdp.direction):equals("sendonly")
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
end)

scenario("RFC 3262 §5: the first reliable response has the offer", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob, { sdp = false, headers = { Require = "100rel" } })
  local leg = bob:expect_invite()
  leg:ring()
  leg:expect("PRACK")
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  t:flow [[
    alice->>bob: INVITE [!sdp]
    bob->>alice: 180 [sdp, Require = 100rel]
    alice->>bob: PRACK [sdp]
    bob->>alice: 200 PRACK [!sdp]
    bob->>alice: 200 INVITE [!sdp]
    alice->>bob: ACK [!sdp]
  ]]
end)

scenario("PRACK of a call that is forked is of its leg", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  local other = leg:fork()
  leg:ring { reliable = true }
  other:ring { reliable = true }
  leg:expect("PRACK")
  other:expect("PRACK")
  other:answer()
  expect(#call:forks()):equals(2)
  call:forks()[2]:wait("confirmed")
end)
