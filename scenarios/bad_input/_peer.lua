-- A wire on one side of a call and an agent on the other, so that each message can be wrong in its own way.
local peer = {}

-- The wire calls the agent: agent, wire, the INVITE, the agent's leg.
function peer.calls(t, fields, opts)
  local alice, w = t:agent("alice", opts), t:wire("w")
  local draft = { method = "INVITE", uri = alice.uri, sdp = sip.sdp { address = w.address:match("^(.*):%d+$") } }
  for name, value in pairs(fields or {}) do draft[name] = value end
  local invite = w:send(alice, draft)
  w:ignore("100")
  return alice, w, invite, alice:expect_invite()
end

-- The same, answered and acknowledged: also the dialog as the wire has it.
function peer.talks(t, fields, opts)
  local alice, w, invite, leg = peer.calls(t, fields, opts)
  leg:answer()
  local dialog = sip.dialog(invite, w:expect("200 INVITE"))
  w:send(alice, dialog:ack())
  leg:wait("confirmed")
  return alice, w, dialog, leg, invite
end

-- The agent calls the wire: agent, wire, the INVITE as it came, the agent's call.
function peer.is_called(t, opts)
  local alice, w = t:agent("alice", opts), t:wire("w")
  local call = alice:invite(w)
  return alice, w, w:expect("INVITE"), call
end

-- Whatever was done to it, the agent answers the next one. The wire may have more to read: a stranger asks.
function peer.alive(t, alice)
  local v = t:wire("v", { transport = alice.uri:match("transport=(%w+)") })
  v:send(alice, { method = "OPTIONS", uri = alice.uri })
  v:expect("200 OPTIONS")
end

return peer
