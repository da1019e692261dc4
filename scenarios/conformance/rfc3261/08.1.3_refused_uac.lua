-- RFC 3261 §8.1.3, §9.1, §17.1.1.3, §22: a call that is refused, challenged, or thought better of.
local device = require("_device")

local function acked(w, invite)
  local ack = w:expect("ACK")
  expect(ack.via[1].branch):equals(invite.via[1].branch)
  expect(#ack.via):equals(1)
  expect(ack.cseq.number):equals(invite.cseq.number)
  expect(ack:header("From")):equals(invite:header("From"))
  expect(ack.call_id):equals(invite.call_id)
  expect(ack.to.tag):equals("w")
end

group("uac", { needs = { "uac", "trigger:call" }, tags = { "uac" } }, function()
  for status, id in pairs { [486] = "CTI-008", [499] = "MSG-026", [603] = "CTI-008", [699] = "MSG-026" } do
    scenario("a " .. status .. " is acknowledged inside its transaction",
      { covers = { id, "CTI-009", "CTI-009b", "CTI-009c" } }, function(t)
        local w = t:wire("w")
        local invite = device.calls(t, w)
        w:reply(invite, status, { to_tag = "w" })
        acked(w, invite)
        w:expect_none("*", "200ms")
      end)
  end

  scenario("each copy of a refusal gets its ACK", { needs = { "udp" }, covers = { "CTI-011" } }, function(t)
    local w = t:wire("w")
    local refusal = w:reply(device.calls(t, w), 486, { to_tag = "w" })
    w:expect("ACK")
    for _ = 1, 2 do
      w:send(t.dut, refusal)
      t:sleep("200ms")
    end
    expect(#t:messages("dut->>w: ACK")):equals(3)
  end)

  scenario("an unknown 1xx is taken for a 183", { covers = { "MSG-027" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:reply(invite, 187, { to_tag = "w", contact = "<" .. w.uri .. ">" })
    t:sleep("700ms")
    expect(#t:messages("dut->>w: INVITE")):equals(1)
    device.taken(w, invite)
    w:expect("ACK")
  end)

  for name, other in pairs {
    ["another branch"] = { "CTN-006", "branch=[^;]*", "branch=z9hG4bKother" },
    ["another host in its Via"] = { "CTN-008", "^(%S+%s+)[^;]*", "%1192.0.2.1:5060" },
  } do
    scenario("a refusal with " .. name .. " is passed over", { covers = { other[1] } }, function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      local via = invite:header("Via"):gsub(other[2], other[3])
      w:send(t.dut, sip.response(invite, 603, { to_tag = "x", headers = { Via = via } }))
      w:expect_none("ACK", "200ms")
      device.taken(w, invite)
      w:expect("ACK")
    end)
  end

  scenario("a call that rings is cancelled inside its transaction", { needs = { "trigger:hangup" },
    covers = { "CAN-003", "CAN-003b", "CAN-006", "CAN-006b" } }, function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      w:reply(invite, 180, { to_tag = "w", contact = "<" .. w.uri .. ">" })
      t:sleep("50ms")
      t.dut:trigger("hangup")
      local cancel = w:expect("CANCEL")
      w:reply(cancel, 200, { to_tag = "w" })
      local refusal = w:reply(invite, 487, { to_tag = "w" })
      expect(tostring(cancel.uri)):equals(tostring(invite.uri))
      expect(cancel:headers("Via")):equals(invite:headers("Via"))
      expect(cancel:header("To")):equals(invite:header("To"))
      expect(cancel.cseq.number):equals(invite.cseq.number)
      acked(w, invite)
      w:send(t.dut, refusal)
      t:sleep("200ms")
      expect(#t:messages("dut->>w: ACK"), "ACKs"):equals(device.times(w, 2))
    end)

  scenario("a 200 that crosses the CANCEL is acknowledged",
    { needs = { "trigger:hangup" }, covers = { "CAN-005", "CAN-005b" } }, function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      w:reply(invite, 180, { to_tag = "w", contact = "<" .. w.uri .. ">" })
      t:sleep("50ms")
      t.dut:trigger("hangup")
      w:reply(w:expect("CANCEL"), 200, { to_tag = "w" })
      device.taken(w, invite)
      w:expect("ACK")
      local bye = w:maybe("BYE", { within = "1s" })         -- §15: or it keeps the call
      if bye then w:reply(bye, 200) end
    end)

  for status, names in pairs {
    [401] = { "WWW-Authenticate", "Authorization" },
    [407] = { "Proxy-Authenticate", "Proxy-Authorization" },
  } do
    scenario("a " .. status .. " is answered with the right digest, in a new request of the same call",
      { needs = { "digest" }, covers = { "UAC-011", "UAC-014", "AUT-003", "AUT-004b", "AUT-005" } }, function(t)
        local w = t:wire("w")
        local invite = device.calls(t, w)
        local challenge = sip.challenge { realm = "example.com", nonce = "abc" }
        w:reply(invite, status, { to_tag = "w", headers = { [names[1]] = challenge } })
        w:expect("ACK")
        local again = w:expect("INVITE")
        local credentials = again:header(names[2])
        expect(credentials):contains("nc=00000001")
        expect(credentials):matches('qop="?auth')
        expect(credentials):matches('uri="')
        local good, why = sip.verify(again, param("password", "dut"))
        if not good then t:fail("its digest does not hold: " .. why) end
        expect(again.call_id):equals(invite.call_id)
        expect(again.from.tag):equals(invite.from.tag)
        expect(again.cseq.number):equals(invite.cseq.number + 1)
        expect(again.via[1].branch):never():equals(invite.via[1].branch)
        w:reply(again, 486, { to_tag = "x" })
        w:expect("ACK")
      end)
  end
end)
