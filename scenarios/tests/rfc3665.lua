-- The call flows of RFC 3665 §3 that have two user agents and no refusal of a proxy's own.

-- Alice, the proxies of the two domains, and bob.
local function trapezoid(t)
  local bob = t:agent("bob", { uri = "sip:bob@biloxi.example.com" })
  local two = t:proxy("two", { domain = "biloxi.example.com", routes = { bob = bob } })
  local one = t:proxy("one", { domain = "atlanta.example.com", routes = { ["@biloxi.example.com"] = two } })
  local alice = t:agent("alice", { uri = "sip:alice@atlanta.example.com", outbound = one })
  return alice, bob
end

scenario("RFC 3665 §3.1: successful session establishment", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye():response(200)
  t:flow [[
    alice->>bob: INVITE [sdp]
    bob->>alice: 180 [!sdp]
    bob->>alice: 200 INVITE [sdp]
    alice->>bob: ACK
    bob->>alice: BYE
    alice->>bob: 200 BYE
  ]]
end)

scenario("RFC 3665 §3.7: session with re-INVITE, of another address", function(t)
  local bob = t:agent("bob", { uri = "sip:bob@biloxi.example.com" })
  local two = t:proxy("two", { domain = "biloxi.example.com", routes = { bob = bob } })
  local alice = t:agent("alice", { outbound = two })
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  local moved = "<sip:bob@" .. bob.address .. ";new=address>"
  leg:reinvite { contact = moved, sdp = { port = 47172 } }:response(200)
  expect(call.dialog.remote_target):equals(moved:sub(2, -2))
  expect(call.remote_sdp.media[1].port):equals(47172)
  t:sleep("10ms")
  call:bye():response(200)
  t:flow([[
    alice->>two: INVITE
    two->>bob: INVITE
    two->>alice: 100
    bob->>two: 180
    two->>alice: 180
    bob->>two: 200 INVITE
    two->>alice: 200 INVITE
    alice->>bob: ACK
    bob->>alice: INVITE [sdp.origin.session_version = "2"]
    alice->>bob: 200 INVITE
    bob->>alice: ACK
    alice->>bob: BYE
    bob->>alice: 200 BYE
  ]], { interleave = true })
end)

scenario("RFC 3665 §3.8: unsuccessful, no answer", function(t)
  local alice, bob = trapezoid(t)
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  call:expect(180)
  call:cancel():response(200)
  call:wait("terminated")
  leg:wait("terminated")
  expect(call.ended):equals("cancelled")
  expect(leg.ended):equals("cancelled")
  expect(#t:messages("bob->>two: 487 INVITE")):equals(1)
  expect(#t:messages("two->>bob: ACK")):equals(1)
  expect(#t:messages("one->>alice: 487 INVITE")):equals(1)
end)

for section, row in pairs { ["3.9"] = { 486, "busy" }, ["3.11"] = { 480, "temporarily unavailable" } } do
  scenario("RFC 3665 §" .. section .. ": unsuccessful, " .. row[2], function(t)
    local alice, bob = trapezoid(t)
    local call = alice:invite(bob)
    local leg = bob:expect_invite()
    if row[1] == 480 then leg:ring() end
    leg:reject(row[1])
    call:expect(row[1])
    call:wait("terminated")
    for _, line in ipairs { "two->>bob: ACK", "one->>two: ACK", "alice->>one: ACK" } do
      expect(#t:messages(line), line):equals(1)
    end
  end)
end

scenario("RFC 3665 §3.10: no response from the user agent", { net = "sim" }, function(t)
  -- net = "sim": half a minute of it.
  local alice, bob = trapezoid(t)
  t.net:blackhole("bob")
  local call = alice:invite(bob)
  call:expect("408|480|503", { within = "1m" })
  call:wait("terminated")
  expect(call.ended):equals("rejected")
end)
