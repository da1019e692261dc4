-- RFC 6665: what a subscriber and a notifier do by themselves, and what they make of each other's mistakes.

local function watching(t, opts)
  local alice, bob = t:agents("alice", "bob")
  local watch = alice:subscribe(bob, "presence", opts)
  local sub = bob:expect_subscribe("presence")
  sub:accept()
  sub:notify("one")
  watch:wait("active")
  return alice, bob, watch, sub
end

-- a wire that watches or is watched
local function event(message, state, body)
  return { method = "NOTIFY", uri = tostring(message.contact[1].uri), call_id = message.call_id,
    from = tostring(message.to) .. ";tag=w", to = message:header("From"), cseq = "1 NOTIFY",
    headers = { Event = message:header("Event"), ["Subscription-State"] = state }, body = body or "" }
end

for _, reason in ipairs { "deactivated", "probation", "rejected", "giveup", "noresource", "invariant" } do
  scenario("a notifier ends it: " .. reason, function(t)
    local _, _, watch, sub = watching(t)
    sub:notify(nil, { state = "terminated", reason = reason, retry_after = 10 })
    watch:wait("terminated")
    expect(watch.ended):equals("notify")
    expect(watch.reason):equals(reason)
    expect(watch.retry_after):equals(10)
    expect(sub.state):equals("terminated")
  end)
end

scenario("an unknown package is refused, and so is none", function(t)
  local alice, bob = t:agent("alice"), t:agent("bob", { events = { "presence" } })
  local other = alice:subscribe(bob, "dialog")
  expect(other:response(489):header("Allow-Events")):equals("presence")
  other:wait("terminated")
  expect(other.ended):equals("rejected")
  alice:request("SUBSCRIBE", bob, { headers = { Event = false, Expires = "60" } }):response(489)
  expect(alice:options(bob):response(200):header("Allow-Events")):equals("presence")
end)

scenario("nobody subscribes to event refer", function(t) -- RFC 3515 §2.4.4
  local alice, bob = t:agents("alice", "bob")
  alice:subscribe(bob, "refer"):response(403)
end)

scenario("423 is asked again for longer, with retry", function(t)
  local alice, bob = t:agents("alice", "bob")
  local watch = alice:subscribe(bob, "presence", { expires = 10, retry = true })
  bob:expect_subscribe("presence"):reject(423, { headers = { ["Min-Expires"] = "60" } })
  local sub = bob:expect_subscribe("presence")
  expect(sub.request:header("Expires")):equals("60")
  sub:accept()
  watch:wait("active")
end)

scenario("a subscriber that is gone loses its subscription", function(t)
  local alice, bob, _, sub = watching(t)
  alice:crash()
  sub:notify("two"):response("unreachable|timeout")
  sub:wait("terminated")
  expect(sub.ended):equals("lost")
end)

scenario("several usages in one dialog: BYE ends the call only", function(t) -- RFC 5057
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  local first = call:subscribe("dialog", { id = "a" })
  local one = leg:expect_subscribe("dialog")
  one:accept()
  local second = call:subscribe("dialog", { id = "b" })
  local two = leg:expect_subscribe("dialog")
  two:accept()
  first:wait("active")
  second:wait("active")
  expect(first.dialog.call_id):equals(call.dialog.call_id)
  call:bye():response("200 BYE")
  leg:wait("terminated")
  two:notify("still here")
  expect(second:expect_notify(function(m) return m.body == "still here" end and "active").method):equals("NOTIFY")
  one:terminate { reason = "noresource" }
  first:wait("terminated")
  expect(second.state):equals("active")
end)

scenario("the id stands in each message", function(t) -- RFC 6665 §4.5.2
  local alice, bob = t:agents("alice", "bob")
  local watch = alice:subscribe(bob, "dialog", { id = "7" })
  local sub = bob:expect_subscribe("dialog")
  sub:accept()
  expect(watch:expect_notify():header("Event")):equals("dialog;id=7")
  watch:refresh():response(200)
  expect(t:messages("alice->>bob: SUBSCRIBE")[2]:header("Event")):equals("dialog;id=7")
end)

scenario("B59: NOTIFY before the 2xx, without a state, of another event, after the end", function(t)
  local alice, w = t:agent("alice"), t:wire("w")
  local watch = alice:subscribe(w, "presence", { expires = 60 })
  local asked = w:expect("SUBSCRIBE")
  w:send(alice, event(asked, false))
  w:expect("400 NOTIFY")
  w:send(alice, event(asked, "active;expires=60"))
  w:expect("200 NOTIFY")
  watch:wait("active")
  w:reply(asked, 202, { to_tag = "w", contact = w.uri, headers = { Expires = "60" } })
  watch:response(202)
  local stranger = event(asked, "active", "")
  stranger.headers.Event = "dialog"
  stranger.cseq = "2 NOTIFY"
  w:send(alice, stranger)
  w:expect("489 NOTIFY")
  local last = event(asked, "terminated;reason=noresource")
  last.cseq = "3 NOTIFY"
  w:send(alice, last)
  w:expect("200 NOTIFY")
  watch:wait("terminated")
  local late = event(asked, "active")
  late.cseq = "4 NOTIFY"
  w:send(alice, late)
  w:expect("481 NOTIFY")
end)

scenario("a NOTIFY that nobody asked for", function(t)
  local w, alice = t:wire("w"), t:agent("alice")
  w:send(alice, sip.request { method = "NOTIFY", uri = alice.uri,
    headers = { Event = "presence", ["Subscription-State"] = "active" } })
  w:expect(481)
end)

scenario("CANCEL of a SUBSCRIBE is answered and changes nothing", function(t) -- RFC 6665 §4.6
  local w, bob = t:wire("w"), t:agent("bob")
  local subscribe = w:send(bob, sip.request { method = "SUBSCRIBE", uri = bob.uri, contact = w.uri,
    headers = { Event = "presence", Expires = "60" } })
  local sub = bob:expect_subscribe("presence")
  w:send(bob, sip.cancel(subscribe))
  w:expect("200 CANCEL")
  sub:accept { notify = false }
  w:expect("200 SUBSCRIBE [Expires = 60]")
end)
