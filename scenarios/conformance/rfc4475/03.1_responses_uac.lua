-- RFC 4475 §3.1.1.12, §3.1.1.13, §3.1.2.5, §3.1.2.19, §3.3.10: responses, made to be those of a call of the device.
local device = require("_device")

-- The response of that name: first line, lengths and numbers are its own, what tells whose it is is the call's.
local function response(w, invite, name, edits)
  local head, body = file("_torture/rfc4475/" .. name .. ".dat"):match("^(.-\r\n)(\r\n.*)$")
  local own = { Via = invite:header("Via"), ["Call-ID"] = invite.call_id, From = invite:header("From"),
    To = invite:header("To") .. ";tag=w", CSeq = invite:header("CSeq"), Contact = "<" .. w.uri .. ">" }
  for field, value in pairs(edits or {}) do own[field] = value end
  head = head:gsub("\n([%w%-]+): ([^\r]*)", function(field, value)
    local new = own[field]
    own[field] = nil                                        -- a second Via stays as it is
    return "\n" .. field .. ": " .. (new or value)
  end)
  return head .. body
end

group("uac", { needs = { "uac", "trigger:call" }, tags = { "uac", "torture" } }, function()
  scenario("a 200 is a 200 whatever it says besides", { covers = { "TOR-unreason", "MSG-024" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:send(t.dut, response(w, invite, "unreason"))
    expect(w:expect("ACK").to.tag):equals("w")
  end)

  scenario("a 100 that says nothing stops the copies", { covers = { "TOR-noreason", "MSG-024" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:send(t.dut, response(w, invite, "noreason"))
    t:sleep("1.8s")
    expect(#t:messages("dut->>w: INVITE")):equals(1)
    w:reply(invite, 486, { to_tag = "w" })
    w:expect("ACK")
  end)

  for _, case in ipairs {
    { "with a code of more than 32 bits", "bigcode", "MSG-025" },
    { "with a CSeq of more than 32 bits", "scalarlg" },
    { "that came to a broadcast address", "bcast" },
  } do
    local name, message, id = table.unpack(case)
    scenario("a response " .. name .. " is dropped", { needs = { "udp" }, covers = { "TOR-" .. message, id } }, function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      local number = message == "scalarlg" and "9292394834772304023312 INVITE" or nil
      w:send(t.dut, response(w, invite, message, { CSeq = number or invite:header("CSeq") }))
      w:expect_none("ACK", "300ms")
      t:sleep("400ms")
      expect(#t:messages("dut->>w: INVITE")):equals(2)      -- it still waits for an answer
      w:reply(invite, 486, { to_tag = "w" })
      w:expect("ACK")
    end)
  end
end)
