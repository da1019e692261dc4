-- RFC 3515 §2.4: a device that sends somebody else to a third one.
local device = require("_device")

-- It talks to a wire and transfers it: the REFER, and the dialog as the wire has it.
local function transfers(t, w)
  local dialog = device.dialog(t, w)
  t.dut:trigger("transfer", "sip:carol@192.0.2.9")
  return w:expect("REFER"), dialog
end

local function notifies(t, w, dialog, state, line)
  w:send(t.dut, dialog:request("NOTIFY", { contact = "<" .. w.uri .. ">", content_type = "message/sipfrag;version=2.0",
    headers = { Event = "refer", ["Subscription-State"] = state }, body = "SIP/2.0 " .. line .. "\r\n" }))
end

group("transfer", { needs = { "uas", "refer", "trigger:answer", "trigger:transfer" }, tags = { "uac" } }, function()
  scenario("a REFER says where to, once, and where its sender is", { covers = { "REF-010", "REF-010b" } }, function(t)
    local w = t:wire("w")
    local refer = transfers(t, w)
    expect(#refer:headers("Refer-To")):equals(1)
    expect(refer:header("Refer-To")):never():matches(">,")
    expect(#refer:headers("Contact")):equals(1)
    expect(tostring(refer.contact[1].uri)):matches("^sips?:")
    w:reply(refer, 603)
  end)

  scenario("what is told of it may come before it was accepted", { covers = { "REF-007" } }, function(t)
    local w = t:wire("w")
    local refer, dialog = transfers(t, w)
    notifies(t, w, dialog, "active;expires=60", "100 Trying")
    w:expect("200 NOTIFY")
    w:reply(refer, 200, { contact = "<" .. w.uri .. ">" })
    notifies(t, w, dialog, "terminated;reason=noresource", "200 OK")
    w:expect("200 NOTIFY", { skip = true })
  end)

  scenario("a 202 is as good as a 200", { covers = { "REF-013" } }, function(t)
    local w = t:wire("w")
    local refer, dialog = transfers(t, w)
    w:reply(refer, 202, { contact = "<" .. w.uri .. ">" })
    notifies(t, w, dialog, "active;expires=60", "100 Trying")
    w:expect("200 NOTIFY")
    notifies(t, w, dialog, "terminated;reason=noresource", "200 OK")
    w:expect("200 NOTIFY", { skip = true })
  end)
end)
