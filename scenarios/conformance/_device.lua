-- What the scenarios of a device have in common. One that answers by itself and one that is told to are called alike.
local device = {}

-- The device answers what has rung at it.
function device.answers(t, call)
  call:wait("early")
  t.dut:trigger("answer")
  call:wait("confirmed")
  return call
end

-- An agent calls the device, and talks to it.
function device.talks(t, agent, opts)
  return device.answers(t, agent:invite(t.dut, opts))
end

-- Where a wire or the device is, without its port.
function device.host(party) return (party.address:match("^(.*):%d+$")) end

-- What a wire offers, and answers.
function device.sdp(w) return sip.sdp { address = device.host(w) } end

-- An INVITE for the device as a wire sends it; fields as in sip.request.
function device.invite(t, w, fields)
  local draft = { method = "INVITE", uri = t.dut.uri, sdp = device.sdp(w) }
  for name, value in pairs(fields or {}) do draft[name] = value end
  return draft
end

-- A wire calls the device: the INVITE, and what it heard first.
function device.rings(t, w, fields)
  w:ignore("100")
  local invite = w:send(t.dut, device.invite(t, w, fields))
  return invite, w:expect("180|183|200 INVITE")
end

-- The same, and the device answers: the 200, and the INVITE.
function device.picks_up(t, w, fields)
  local invite, first = device.rings(t, w, fields)
  t.dut:trigger("answer")
  if first.status == 200 then return first, invite end
  w:ignore("180|183 INVITE")
  return w:expect("200 INVITE"), invite
end

-- The same, and acknowledged: the dialog as the wire has it.
function device.dialog(t, w, fields)
  local ok, invite = device.picks_up(t, w, fields)
  local dialog = sip.dialog(invite, ok)
  w:send(t.dut, dialog:ack())
  return dialog, ok
end

-- The device calls a wire: the INVITE.
function device.calls(t, w)
  t.dut:trigger("call", w)
  return w:expect("INVITE")
end

-- How a wire takes it.
function device.taken(w, invite, opts)
  opts = opts or {}
  opts.to_tag, opts.contact = opts.to_tag or "w", opts.contact or w.uri
  opts.sdp = device.sdp(w)
  return w:reply(invite, 200, opts)
end

-- A REGISTER of this user by hand, so that each can be wrong in its own way; credentials are the agent's.
function device.register(t, agent, user, contacts, extra)
  local own = "<" .. t.dut:at(user) .. ">"
  local headers = { To = own, From = own .. ";tag=" .. sip.tag(), Contact = contacts or false }
  for name, value in pairs(extra or {}) do headers[name] = value end
  return agent:request("REGISTER", t.dut.uri:gsub("sip:.*@", "sip:"), { headers = headers }):response()
end

-- The user is registered nowhere, before the scenario and behind it.
function device.emptied(t, agent, user)
  local function empty() return device.register(t, agent, user, "*", { Expires = "0" }).status end
  t:given(function() expect(empty()):equals(200) end)
  t:cleanup(empty)
end

-- Whatever was done to it, it answers the next one.
local visitors = 0
function device.lives(t)
  visitors = visitors + 1
  local v = t:wire(visitors == 1 and "visitor" or "visitor" .. visitors)
  v:send(t.dut, { method = "OPTIONS", uri = t.dut.uri })
  v:expect("*")
end

return device
