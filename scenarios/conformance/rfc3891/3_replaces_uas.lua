-- RFC 3891 §3: an INVITE that is to take the place of a call.
local device = require("_device")

-- The dialog, as the device has it; changes go over it.
local function names(dialog, changes)
  local of = { to = dialog.remote_tag, from = dialog.local_tag, more = "" }
  for name, value in pairs(changes or {}) do of[name] = value end
  return dialog.call_id .. ";to-tag=" .. of.to .. ";from-tag=" .. of.from .. of.more
end

-- Somebody else sends it: the INVITE, and what it heard first.
local function claims(t, v, replaces, fields)
  local draft = device.invite(t, v, fields)
  draft.headers = { Replaces = replaces, Supported = "replaces" }
  v:ignore("100")
  local invite = v:send(t.dut, draft)
  return v:expect("*"), invite
end

local function refused(t, v, status, replaces, fields)
  local response, invite = claims(t, v, replaces, fields)
  expect(response):is(status .. " INVITE")
  v:send(t.dut, sip.ack(invite, response))
end

-- The call that was named goes on.
local function goes_on(t, w, dialog)
  w:send(t.dut, dialog:request("BYE"))
  w:expect("200 BYE")
end

group("uas", { needs = { "uas", "replaces", "trigger:answer" }, tags = { "uas" } }, function()
  scenario("a call takes the place of another, which is hung up on", { covers = { "DLG-026" } }, function(t)
    local w, v = t:wire("w"), t:wire("v")
    local dialog = device.dialog(t, w)
    local response, invite = claims(t, v, names(dialog))
    v:ignore("180|183 INVITE")
    if response.status < 200 then
      t.dut:trigger("answer")
      response = v:expect("200 INVITE")
    end
    expect(response):is("200 INVITE")
    v:send(t.dut, sip.dialog(invite, response):ack())
    w:reply(w:expect("BYE"), 200)
  end)

  for name, case in pairs {
    ["a call that is not"] = { "DLG-025", 481, function() return "nobody@example.com;to-tag=1;from-tag=2" end },
    ["its tags the wrong way round"] = { "DLG-029", 481, function(dialog)
      return names(dialog, { to = dialog.local_tag, from = dialog.remote_tag })
    end },
    ["two calls at once"] = { "DLG-025b", 400, function(dialog)
      return { names(dialog), "nobody@example.com;to-tag=1;from-tag=2" }
    end },
    ["no to-tag"] = { "DLG-029c", "4xx", function(dialog)
      return dialog.call_id .. ";from-tag=" .. dialog.local_tag
    end },
    ["two from-tags"] = { "DLG-029c", "4xx", function(dialog) return names(dialog, { more = ";from-tag=other" }) end },
    ["a call that is up, where it must not be"] = { "DLG-026b", 486, function(dialog)
      return names(dialog, { more = ";early-only" })
    end },
  } do
    scenario("Replaces with " .. name .. " is a " .. case[2] .. ", and changes nothing", { covers = { case[1] } },
      function(t)
        local w = t:wire("w")
        local dialog = device.dialog(t, w)
        refused(t, t:wire("v"), case[2], case[3](dialog))
        goes_on(t, w, dialog)
      end)
  end

  scenario("Replaces in an OPTIONS is a 400", { covers = { "DLG-025c" } }, function(t)
    local w, v = t:wire("w"), t:wire("v")
    local dialog = device.dialog(t, w)
    v:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, headers = { Replaces = names(dialog) } })
    v:expect("400 OPTIONS")
    goes_on(t, w, dialog)
  end)

  scenario("Replaces of a call that has ended is declined", { covers = { "DLG-027" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    goes_on(t, w, dialog)
    t:sleep("1s")
    refused(t, t:wire("v"), "603|481", names(dialog))       -- 481: it has forgotten it
  end)

  scenario("Replaces of a call that rings here is a 481, and it rings on", { covers = { "DLG-028" } }, function(t)
    local w = t:wire("w")
    local invite, _, dialog = device.only_rings(t, w)
    refused(t, t:wire("v"), 481, names(dialog))
    t.dut:trigger("answer")
    w:send(t.dut, sip.dialog(invite, w:expect("200 INVITE")):ack())
  end)

  scenario("who cannot be taken in another's place leaves the other as it is", { covers = { "DLG-N10" } }, function(t)
    local w, v = t:wire("w"), t:wire("v")
    local dialog = device.dialog(t, w)
    local response, invite = claims(t, v, names(dialog),
      { sdp = sip.sdp { address = device.host(v), codecs = { "nothing/8000" } } })
    if response.status < 200 then
      t.dut:trigger("answer")
      response = v:expect("4xx|5xx|6xx INVITE")
    end
    expect(response.status):at_least(400)
    v:send(t.dut, sip.ack(invite, response))
    goes_on(t, w, dialog)
  end)

  scenario("a call takes the place of one that the device makes, which is cancelled",
    { needs = { "uac", "trigger:call" }, covers = { "DLG-N11" } }, function(t)
      local w, v = t:wire("w"), t:wire("v")
      local invite = device.calls(t, w)
      local ringing = w:reply(invite, 180, { to_tag = "w", contact = "<" .. w.uri .. ">" })
      t:sleep("50ms")
      local response, replacing = claims(t, v, names(sip.dialog(invite, ringing), { more = ";early-only" }))
      v:ignore("180|183 INVITE")
      if response.status < 200 then
        t.dut:trigger("answer")
        response = v:expect("200 INVITE")
      end
      expect(response):is("200 INVITE")
      v:send(t.dut, sip.dialog(replacing, response):ack())
      w:reply(w:expect("CANCEL"), 200)
      w:reply(invite, 487, { to_tag = "w" })
      w:expect("ACK")
    end)
end)
