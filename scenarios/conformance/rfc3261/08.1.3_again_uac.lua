-- RFC 3261 §8.1.3.4, §8.1.3.5, §20.33: a call that is sent elsewhere, or refused for what can be mended.
local device = require("_device")

local function sent_to(w, invite, contacts)
  w:reply(invite, 302, { to_tag = "w", headers = { Contact = contacts } })
  w:expect("ACK")
end

-- Following is a MAY for an INVITE, RFC 3261 §13.2.2.2.
local function follows(t, w)
  local again = w:maybe("INVITE", { within = "1s" })
  if not again then t:skip("it does not follow a 302") end
  return again
end

local function refused(w, invite, status)
  w:reply(invite, status, { to_tag = "x" })
  w:expect("ACK")
end

local function at(w, user, more) return "<" .. device.at(w, user) .. (more or "") .. ">" end

group("uac", { needs = { "uac", "trigger:call" }, tags = { "uac" } }, function()
  scenario("a 302 is followed in the same call, by a new request", { covers = { "UAC-007d", "UAC-007e" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    sent_to(w, invite, at(w, "next"))
    local again = follows(t, w)
    refused(w, again, 486)
    expect(again.via[1].branch):never():equals(invite.via[1].branch)
    expect.soft(again:header("To"), "To"):equals(invite:header("To"))
    expect.soft(again.from.tag, "the From tag"):equals(invite.from.tag)
    if again.call_id == invite.call_id then expect(again.cseq.number):at_least(invite.cseq.number) end
  end)

  scenario("each Contact of a 302 is tried, until one takes the call",
    { covers = { "UAC-007", "UAC-007b" } }, function(t)
      local w, tried = t:wire("w"), {}
      sent_to(w, device.calls(t, w), { at(w, "a") .. ";q=0.1", at(w, "b") .. ";q=0.9", at(w, "c") .. ";q=0.5" })
      tried[1] = follows(t, w)
      for i, status in ipairs { 486, 480 } do
        refused(w, tried[i], status)
        tried[i + 1] = w:maybe("INVITE", { within = "2s" })
        expect.soft(tried[i + 1], "an INVITE for the next"):exists() -- §8.1.3.4: SHOULD
        if not tried[i + 1] then return end
      end
      device.taken(w, tried[3])
      w:expect("ACK")
      local users = {}
      for i, invite in ipairs(tried) do users[i] = invite.uri.user end
      table.sort(users)
      expect(users):equals { "a", "b", "c" }
    end)

  for id, case in pairs {
    ["MSG-023"] = { "call, its parties and its way", "Call-ID=evil&CSeq=9999%20INVITE&From=%3Csip:evil%40evil.invalid%3E"
      .. "&Via=SIP/2.0/UDP%20evil.invalid&Record-Route=%3Csip:evil.invalid%3E" },
    ["MSG-023b"] = { "route", "Route=%3Csip:evil.invalid%3E" },
    ["MSG-N10"] = { "abilities", "Contact=%3Csip:evil%40evil.invalid%3E&Supported=evil&Allow=EVIL&User-Agent=evil" },
  } do
    scenario("a Contact does not choose the " .. case[1] .. " of what follows it", -- of the Request-URI another one tells
      { covers = { id }, allow = { "MSG-N09" } }, function(t)
        local w = t:wire("w")
        sent_to(w, device.calls(t, w), at(w, id, "?" .. case[2]))
        local again = follows(t, w)
        refused(w, again, 486)
        local headers = again.raw:gsub("^[^\r]*", "")
        expect.soft(headers):never():matches("(?i)evil|9999 INVITE") -- §19.1.5: SHOULD NOT
      end)
  end

  scenario("a method and headers of a Contact are no part of the Request-URI", { covers = { "UAC-007c" } }, function(t)
    local w = t:wire("w")
    sent_to(w, device.calls(t, w), at(w, "c", ";x=1;method=INVITE?Subject=foo"))
    local again = follows(t, w)
    refused(w, again, 486)
    expect(tostring(again.uri)):equals(device.at(w, "c") .. ";x=1")
  end)

  scenario("nobody is tried twice", { covers = { "UAC-008" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    sent_to(w, invite, { at(w, "a"), at(w, "a") })
    local again = follows(t, w)
    sent_to(w, again, { "<" .. tostring(invite.uri) .. ">", at(w, "a") })
    w:expect_none("INVITE", "1s")
  end)

  for _, status in ipairs { 480, 500 } do
    scenario("a " .. status .. " that says when is not tried again before", { covers = { "UAC-013b" } }, function(t)
      local w = t:wire("w")
      w:reply(device.calls(t, w), status, { to_tag = "w", headers = { ["Retry-After"] = "5" } })
      w:expect("ACK")
      w:expect_none("INVITE", "4.9s")
    end)
  end

  scenario("a body of no use is not sent again", { covers = { "UAC-010", "UAC-010b" } }, function(t)
    for status, headers in pairs { [413] = {}, [415] = { Accept = "text/plain" } } do
      local w = t:wire("w" .. status)
      local invite = device.calls(t, w)
      w:reply(invite, status, { to_tag = "w", headers = headers })
      w:expect("ACK")
      local again = w:maybe("INVITE", { within = "1s" })
      if again then
        refused(w, again, 486)
        expect.soft(again.body, "the body"):never():equals(invite.body)
      end
    end
  end)
end)
