-- What scenarios of a proxy have in common. Bob is a wire, registered with the device, so that every byte that comes out
-- of it can be looked at.
local device = require("_device")
local proxied = {}

-- Registers wires as bob: by an agent of his, who can prove that he is, and has their addresses for Contacts.
function proxied.registered(t, contacts, headers)
  local agent = t:agent("bobs_phone", { account = "bob", uri = t.dut:at("bob") })
  device.emptied(t, agent, "bob")
  t:given(function()
    expect(device.register(t, agent, "bob", contacts, headers or { Expires = "600" }).status):equals(200)
  end)
end

function proxied.contact(w) return "<" .. device.at(w, "bob") .. ">" end

-- A caller and a callee that are wires, and the device between them.
function proxied.between(t)
  local caller, bob = t:wire("caller"), t:wire("bob")
  proxied.registered(t, proxied.contact(bob))
  caller:ignore("100")
  return caller, bob
end

function proxied.request(t, method, fields)
  local draft = { method = method, uri = t.dut:at("bob") }
  for name, value in pairs(fields or {}) do draft[name] = value end
  return draft
end

-- The INVITE as it was sent, and as it came to bob.
function proxied.invites(t, caller, bob, fields)
  local sent = caller:send(t.dut, proxied.request(t, "INVITE", fields))
  return sent, bob:expect("INVITE")
end

-- A refusal that went through: both ACKs, hop by hop.
function proxied.refused(t, caller, bob, sent, status)
  bob:expect("ACK")
  local refusal = caller:expect(status .. " INVITE")
  caller:send(t.dut, sip.ack(sent, refusal))
  return refusal
end

-- Bob has two phones; ranks: their q. Of two ranks it is the first one that is called.
function proxied.forked(t, fields, ranks)
  local caller, desk, hall = t:wire("caller"), t:wire("desk"), t:wire("hall")
  ranks = ranks or { "", "" }
  proxied.registered(t, { proxied.contact(desk) .. ranks[1], proxied.contact(hall) .. ranks[2] })
  caller:ignore("100")
  local sent = caller:send(t.dut, proxied.request(t, "INVITE", fields))
  if ranks[1] ~= ranks[2] then return caller, desk, hall, sent, desk:expect("INVITE") end
  return caller, desk, hall, sent, desk:expect("INVITE"), hall:expect("INVITE")
end

return proxied
