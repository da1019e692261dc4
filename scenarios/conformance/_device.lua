-- What the scenarios of a device have in common. One that answers by itself and one that is told to are called alike.
local device = {}

-- The device answers what has rung at it: one that does so by itself may let it ring for a while.
function device.answers(t, call)
  call:wait("early")
  t.dut:trigger("answer")
  call:wait("confirmed", { within = "20s" })
  return call
end

-- An agent calls the device, and talks to it.
function device.talks(t, agent, opts)
  return device.answers(t, agent:invite(t.dut, opts))
end

-- Where a wire or the device is, without its port.
function device.host(party) return (party.address:match("^(.*):%d+$")) end

-- Where others reach a wire, and what its Via says; what the run goes by stands in both.
function device.way(w) return w.transport == "udp" and "" or ";transport=" .. w.transport end
function device.at(w, user) return "sip:" .. (user and user .. "@" or "") .. w.address .. device.way(w) end
function device.via(w) return "SIP/2.0/" .. w.transport:upper() .. " " .. w.address end

-- RFC 3261 §17.1: what is said so often over UDP, as nobody answers, is said once over a stream.
function device.times(w, count) return w.transport == "udp" and count or 1 end

-- A request that nobody answers: so many copies of it over UDP, at these times; one over a stream, and then silence.
function device.unanswered(t, w, line, copies, opts)
  opts.quiet = w.transport ~= "udp" and "33s" or nil
  t:flow(line .. (w.transport == "udp" and " " .. copies or " x1"), opts)
end

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
  opts.to_tag, opts.contact = opts.to_tag or invite.to.tag or "w", opts.contact or "<" .. w.uri .. ">"
  opts.sdp = device.sdp(w)
  return w:reply(invite, 200, opts)
end

-- The device calls a wire, which takes it: the dialog, and the INVITE.
function device.connected(t, w, opts)
  local invite = device.calls(t, w)
  local ok = device.taken(w, invite, opts)
  w:expect("ACK")
  return sip.dialog(invite, ok), invite
end

-- The device offers its session once more: the re-INVITE. It may wait until our ACK has settled.
function device.holds(t, w)
  t:sleep("50ms")
  t.dut:trigger("hold")
  return w:expect("INVITE")
end

-- It hangs up: the BYE, answered.
function device.ends(t, w)
  t:sleep("50ms")
  t.dut:trigger("hangup")
  local bye = w:expect("BYE")
  w:reply(bye, 200)
  return bye
end

-- A call that rings, and not one that is up already.
function device.only_rings(t, w, fields)
  local invite, first = device.rings(t, w, fields)
  if first.status == 200 then t:skip("it answers at once") end
  w:ignore("180|183 INVITE")
  return invite, first, sip.dialog(invite, first)
end

-- A request of a dialog that the device has no more.
function device.has_forgotten(t, w, dialog)
  w:send(t.dut, dialog:request("BYE"))
  w:expect("481 BYE")
end

-- A wire offers the session once more, and acknowledges: the 200. It may be refused, RFC 3261 §14.2.
function device.takes(t, w, dialog, fields)
  local draft = { contact = "<" .. w.uri .. ">", sdp = device.sdp(w) }
  for name, value in pairs(fields or {}) do draft[name] = value end
  local invite = w:send(t.dut, dialog:request("INVITE", draft))
  local response = w:expect("200|488 INVITE")
  if response.status == 200 then
    w:send(t.dut, dialog:ack { sdp = draft.sdp == false and device.sdp(w) or nil })
    return response
  end
  w:send(t.dut, sip.ack(invite, response))
  t:skip("it takes no re-INVITE")
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
