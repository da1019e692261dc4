-- RFC 3261 §9.1: how a user agent cancels its own INVITE.
local device = require("_device")

-- The device calls, hears that it rings, and thinks better of it: the INVITE and the CANCEL.
local function cancels(t, w, opts)
  local invite = device.calls(t, w)
  w:reply(invite, 180, opts)
  t:sleep("50ms")
  t.dut:trigger("hangup")
  return invite, w:expect("CANCEL")
end

group("uac", { needs = { "uac", "trigger:call", "trigger:hangup" }, tags = { "uac" } }, function()
  scenario("a CANCEL goes where the INVITE went, whoever rings", { covers = { "CAN-N01" } }, function(t)
    local w, far = t:wire("w"), t:wire("far")
    local invite, cancel = cancels(t, w, { to_tag = "w", contact = "<" .. far.uri .. ">",
      headers = { ["Record-Route"] = "<" .. device.at(far) .. ";lr>" } })
    w:reply(cancel, 200)
    w:reply(invite, 487, { to_tag = "w" })
    w:expect("ACK")
    far:expect_none("*", "1s")
  end)

  scenario("over TCP, too", { needs = { "tcp" }, covers = { "CAN-N31" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    local invite, cancel = cancels(t, w, { to_tag = "w", contact = "<" .. w.uri .. ">" })
    expect(cancel.transport):equals("tcp")
    expect(cancel.source):equals(invite.source)
    w:reply(cancel, 200)
    w:reply(invite, 487, { to_tag = "w" })
    w:expect("ACK")
  end)

  scenario("64*T1 behind its CANCEL the INVITE is over", { covers = { "CAN-004" }, tags = { "long" },
    allow = { "CTI-008" } }, function(t)                    -- it cannot be acknowledged any more
    local w = t:wire("w")
    local invite, cancel = cancels(t, w, { to_tag = "w", contact = "<" .. w.uri .. ">" })
    w:reply(cancel, 200)
    t:sleep("40s")
    w:reply(invite, 487, { to_tag = "w" })
    local ack = w:maybe("ACK", { within = "1s" })
    expect.soft(ack, "the ACK of what came too late"):is_nil() -- §9.1: SHOULD
  end)
end)
