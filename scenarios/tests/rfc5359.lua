-- RFC 5359: session initiation protocol service examples, by their sections.

local function talking(t, a, b, target)
  local call = a:invite(target or b)
  local leg = b:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  return call, leg
end

scenario("2.1 call hold", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call, leg = talking(t, alice, bob)
  leg:hold():response(200)
  expect(call.remote_sdp.media[1].direction):equals("sendonly")
  expect(call.local_sdp.media[1].direction):equals("recvonly")
  leg:resume():response(200)
  expect(call.local_sdp.media[1].direction):equals("sendrecv")
  call:bye():response("200 BYE")
end)

scenario("2.2 consultation hold", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local _, leg = talking(t, alice, bob)
  leg:hold():response(200)
  local talk = talking(t, bob, carol)
  talk:bye():response("200 BYE")
  leg:resume():response("200 INVITE")
  expect(leg.local_sdp.media[1].direction):equals("sendrecv")
end)

scenario("2.3 music on hold", function(t)
  local alice, bob, music = t:agents("alice", "bob", "music")
  local call, leg = talking(t, alice, bob)
  leg:hold({ contact = "<" .. bob.uri .. ">;+sip.rendering=\"no\"" }):response(200)
  local refer = bob:refer(music, alice, { replaces = leg, referred_by = true })
  local asked = music:expect_refer()
  asked:accept()
  refer:expect_notify("100")
  local playing = asked:follow { sdp = { direction = "sendonly" } }
  local heard = alice:expect_invite { replaces = call }
  expect(heard.request:header("Referred-By")):contains("bob")
  heard:answer()
  playing:wait("confirmed")
  expect(heard.local_sdp.direction):equals("recvonly")
  leg:wait("terminated")                                       -- F15
  refer:expect_notify("200")
  refer:wait("terminated")
  local again = bob:invite(alice, { replaces = heard })         -- F19: Bob takes Alice off hold
  alice:expect_invite { replaces = heard }:answer()
  again:wait("confirmed")
  playing:wait("terminated")                                   -- F22
  expect(again.local_sdp.direction):equals("sendrecv")
end)

scenario("2.4 transfer, unattended", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local transfer = leg:refer(carol)
  local asked = call:expect_refer()
  asked:accept()
  transfer:response(200)
  leg:bye():response("200 BYE")
  local new = asked:follow()
  carol:expect_invite():answer()
  new:wait("confirmed")
  transfer:expect_notify("200")
end)

scenario("2.5 transfer, attended", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  leg:hold():response(200)
  local talk, third = talking(t, bob, carol)
  talk:hold():response(200)
  local transfer = leg:refer { replaces = talk }
  local asked = call:expect_refer()
  asked:accept()
  local new = asked:follow()
  carol:expect_invite { replaces = third }:answer()
  new:wait("confirmed")
  talk:wait("terminated")
  transfer:expect_notify("200")
  leg:bye():response("200 BYE")
end)

scenario("2.6 transfer, by an instant message", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local d = leg.dialog
  local html = ('<HTML>Do you want to take this call from <A HREF="%s?Replaces=%s%%3Bto-tag%%3D%s%%3Bfrom-tag%%3D%s">Alice</A>?</HTML>')
    :format(d.remote_target, d.call_id, d.remote_tag, d.local_tag)  -- RFC 3891 §3; F5 has them turned round
  local asking = bob:message(carol, html, { content_type = "text/html" })
  local asked = carol:expect_request("MESSAGE")
  asked:respond(200)
  asking:response(200)
  local uri, id, to_tag, from_tag = asked.request.body:match('"(%S-)%?Replaces=(%S-)%%3Bto%-tag%%3D([%w-]+)%%3Bfrom%-tag%%3D([%w-]+)"')
  local taken = carol:invite(uri, { replaces = id .. ";to-tag=" .. to_tag .. ";from-tag=" .. from_tag,
                                    headers = { Require = "replaces" } })
  alice:expect_invite { replaces = call }:answer()
  taken:wait("confirmed")
  leg:wait("terminated")
  expect(leg.ended):equals("remote bye")
  t:flow([[
    alice->>bob: INVITE
    bob->>alice: 200 INVITE
    alice->>bob: ACK
    bob->>carol: MESSAGE [Content-Type = "text/html"]
    carol->>bob: 200 MESSAGE
    carol->>alice: INVITE [Replaces]
    alice->>carol: 200 INVITE
    carol->>alice: ACK
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]], { interleave = true })
end)

scenario("2.7 call forwarding, unconditional", function(t)
  local bob, carol = t:agents("bob", "carol")
  local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = carol } })
  local alice = t:agent("alice", { outbound = proxy })
  talking(t, alice, carol, "sip:bob@example.com")
  bob:expect_none("INVITE", "1s")
end)

for section, status in pairs { ["2.8 call forwarding, busy"] = 486, ["2.9 call forwarding, no answer"] = 480 } do
  scenario(section, function(t)
    local bob, carol = t:agents("bob", "carol")
    local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = { bob, carol } }, fork = "serial" })
    local alice = t:agent("alice", { outbound = proxy })
    local call = alice:invite("sip:bob@example.com")
    bob:expect_invite():reject(status)
    carol:expect_invite():answer()
    call:wait("confirmed")
  end)
end

scenario("2.10 three-way conference, a third party is added", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local focus = "<sip:a87dk3@" .. bob.address .. ">;isfocus"
  leg:reinvite { contact = focus }:response(200)
  expect(call.dialog.remote_target):contains("a87dk3")
  local third = bob:invite(carol, { contact = focus })
  local added = carol:expect_invite()
  expect(added.request.contact[1].params.isfocus):exists()
  added:ring()
  added:answer()
  third:wait("confirmed")
  added:wait("confirmed")
  added:bye():response("200 BYE")                              -- at the focus
  call:bye():response("200 BYE")
  expect(#t:messages("carol->>bob: BYE [uri.user = a87dk3]")):equals(1)
end)

scenario("2.11 three-way conference, the third party joins", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local call, leg = talking(t, alice, bob)
  local joined = carol:invite(bob, { join = call })
  bob:expect_invite { from = carol }:answer()
  joined:wait("confirmed")
  expect(leg.state):equals("confirmed")
end)

scenario("2.12 find me", function(t)
  local desk, mobile, mail = t:agents("desk", "mobile", "mail")
  local proxy = t:proxy("proxy",
    { domain = "example.com", routes = { bob = { desk, mobile, mail } }, fork = "serial" })
  local alice = t:agent("alice", { outbound = proxy })
  local call = alice:invite("sip:bob@example.com")
  desk:expect_invite():reject(480)
  mobile:expect_invite():reject(480)
  mail:expect_invite():answer()
  call:wait("confirmed")
end)

scenario("2.13 call management, incoming call screening", function(t)
  local alice, bob, announcement = t:agents("alice", "bob", "announcement")
  local proxy = t:wire("proxy")                                -- its screening list is the scenario's
  local direct = alice:invite(bob)
  bob:expect_invite():reject(305, { contact = "<" .. proxy.uri .. ";lr>" })
  local use = direct:expect(305).contact[1]
  local screened = alice:invite(bob.uri, { route = tostring(use), auth = { user = "alice", password = "zanzibar" } })
  local first = proxy:expect("INVITE [Route]")
  proxy:reply(first, 407, { headers = { ["Proxy-Authenticate"] = sip.challenge { realm = "biloxi.example.com" } } })
  proxy:expect("ACK")
  local known = proxy:expect("INVITE [Proxy-Authorization]")
  expect(sip.verify(known, "zanzibar")):equals(true)
  proxy:reply(known, 403, { reason = "Screening Failure (Terminating)",
                            headers = { ["Error-Info"] = "<" .. announcement.uri .. ">" } })
  proxy:expect("ACK")
  local refusal = screened:expect(403)
  expect(refusal.reason):equals("Screening Failure (Terminating)")
  local listening = alice:invite(refusal:header("Error-Info"):match("<(.-)>"))
  local told = announcement:expect_invite()
  told:answer { contact = "<" .. announcement.uri .. ">;automaton;+sip.rendering=\"no\"" }
  listening:wait("confirmed")
  told:wait("confirmed")
  told:bye():response("200 BYE")
end)

scenario("2.14 call management, outgoing call screening", function(t)
  local alice, bob, proxy = t:agent("alice"), t:agent("bob"), t:wire("proxy")
  local call = alice:invite(bob.uri, { route = "<" .. proxy.uri .. ";lr>", auth = { user = "alice", password = "zanzibar" } })
  local first = proxy:expect("INVITE")
  proxy:reply(first, 407, { headers = { ["Proxy-Authenticate"] = sip.challenge { realm = "example.com" } } })
  proxy:expect("ACK")
  local known = proxy:expect("INVITE [Proxy-Authorization]")
  expect(sip.verify(known, "zanzibar")):equals(true)
  proxy:reply(known, 403, { reason = "Screening Failure (Originating)",
                            headers = { ["Error-Info"] = "<sip:screen-fail-orig-ann@announcement.example.com>" } })
  local ack = proxy:expect("ACK")
  expect(ack:header("Proxy-Authorization")):equals(known:header("Proxy-Authorization"))  -- F6
  expect(call:expect(403):header("Error-Info")):contains("screen-fail-orig-ann")
  bob:expect_none("INVITE", "1s")
end)

scenario("2.15 call park", function(t)
  local alice, bob, park, carol = t:agents("alice", "bob", "park", "carol")
  local call, leg = talking(t, alice, bob)
  local refer = leg:refer(park, { referred_by = true })        -- bob parks alice
  local asked = call:expect_refer()
  asked:accept()
  local parked = asked:follow()
  local slot = park:expect_invite { from = alice }
  expect(slot.request:header("Referred-By")):contains("bob")
  slot:answer()
  parked:wait("confirmed")
  refer:expect_notify("200")
  leg:bye():response("200 BYE")
  local retrieved = carol:invite(alice, { replaces = slot })   -- carol takes her out again
  alice:expect_invite { replaces = parked }:answer()
  retrieved:wait("confirmed")
  slot:wait("terminated")
end)

scenario("2.16 call pickup, of what the dialog package tells", function(t)
  local alice, bob, bill = t:agents("alice", "bob", "bill")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  call:wait("early")
  local fetch = bill:subscribe(bob, "dialog", { expires = 0 })
  local asked = bob:expect_subscribe("dialog")
  asked:accept()
  local d = leg.dialog
  asked:notify(d.call_id .. ";to-tag=" .. d.remote_tag .. ";from-tag=" .. d.local_tag .. ";early-only")
  local replaces = fetch:expect_notify("terminated").body     -- of the XML what counts
  local pickup = bill:invite(alice, { replaces = replaces })
  alice:expect_invite { replaces = call }:answer()
  pickup:wait("confirmed")
  call:wait("terminated")
  leg:wait("terminated")
  expect(leg.ended):equals("cancelled")
end)

scenario("2.17 automatic redial, by the dialog package", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  local busy = talking(t, bob, carol)
  local first = alice:invite(bob)
  bob:expect_invite():reject(486)
  first:expect(486)
  local watch = alice:subscribe(bob, "dialog")
  local told = bob:expect_subscribe("dialog")
  told:accept()
  told:notify("<state>confirmed</state>")
  watch:expect_notify()
  busy:bye():response("200 BYE")
  told:notify("<state>terminated</state>")
  expect(watch:expect_notify().body):contains("terminated")
  local again = alice:invite(bob)
  bob:expect_invite():answer()
  again:wait("confirmed")
  watch:terminate():response(200)
end)

scenario("2.18 click to dial", function(t)
  local web, alice, bob = t:agents("web", "alice", "bob")
  local click = web:refer(alice, bob)
  local asked = alice:expect_refer()
  asked:accept()
  local call = asked:follow()
  bob:expect_invite():answer()
  call:wait("confirmed")
  click:expect_notify("200")
  click:wait("terminated")
end)
