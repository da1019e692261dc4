-- RFC 3264 §6, RFC 8866 §5: how an offer is answered.
local device = require("_device")

-- What the device answers to this offer in an INVITE.
local function answer_to(t, offer) return device.picks_up(t, t:wire("w"), { sdp = offer(t:wire("media")) }).sdp end

local function offer(fields)
  return function(w)
    fields.address = device.host(w)
    return sip.sdp(fields)
  end
end

-- The default offer with this line put in front of the first that begins like that.
local function with_line(line, before)
  return function(w)
    return (tostring(device.sdp(w)):gsub("(\n)(" .. before .. "=)", "%1" .. line .. "\r\n%2", 1))
  end
end

-- An INVITE, and what it heard first.
local function offered(t, w, fields)
  w:ignore("100")
  return w:send(t.dut, device.invite(t, w, fields)), w:expect("*")
end

group("uas", { needs = { "uas", "trigger:answer" }, tags = { "uas" } }, function()
  for direction, case in pairs {
    recvonly = { "SDP-003b", "sendonly", "inactive" },
    inactive = { "SDP-003c", "inactive" },
  } do
    scenario("an offer that is " .. direction .. " is answered in kind", { covers = { case[1] } }, function(t)
      local media = answer_to(t, offer { direction = direction }).media[1]
      if media.port ~= 0 then expect(media.direction):one_of { case[2], case[3] } end
    end)
  end

  scenario("a stream that nobody wants has port 0, and a format", { covers = { "SDP-002" } }, function(t)
    local answer = answer_to(t, function(w)
      return tostring(device.sdp(w)) .. "m=application 7000 UDP/NOTHING/NONE 98\r\n"
    end)
    expect(answer and #answer.media, "streams of the answer"):equals(2)
    expect(answer.media[1].port):at_least(1)
    expect(answer.media[2].port):equals(0)
    expect(tostring(answer)):matches("m=application 0 UDP/NOTHING/NONE \\S+")
  end)

  scenario("a codec keeps the number that the offer gives it", { covers = { "SDP-004b", "SDP-N32" } }, function(t)
    local answer = answer_to(t, function(w)
      return (tostring(device.sdp(w)):gsub("m=audio.*", "m=audio 7000 RTP/AVP 96 101\r\n" ..
        "a=rtpmap:96 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"))
    end)
    t:given(function() expect(answer.media[1].port):at_least(1) end)
    expect.soft(tostring(answer)):matches("a=rtpmap:96 PCMU/8000") -- §6.1: SHOULD
    for number in tostring(answer):match("m=audio %d+ %S+([ %d]*)"):gmatch("%d+") do
      if tonumber(number) >= 96 then expect(tostring(answer)):matches("a=rtpmap:" .. number .. " ") end
    end
  end)

  scenario("attributes that nobody knows are passed over", { covers = { "SDP-010" } }, function(t)
    local answer = answer_to(t, function(w)
      return (tostring(device.sdp(w)):gsub("\nm=", "\na=xyzzy\r\na=xyzzy:1\r\nm=", 1)) .. "a=xyzzy\r\na=xyzzy:2\r\n"
    end)
    expect(answer.media[1].port):at_least(1)
  end)

  scenario("0.0.0.0 is an address that nothing is sent to", { covers = { "SDP-008" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    expect(device.takes(t, w, dialog, { sdp = sip.sdp { address = "0.0.0.0" } }).sdp.media[1].kind):equals("audio")
    w:send(t.dut, dialog:request("BYE"))
    w:expect("200 BYE")
  end)

  scenario("who is put on hold does not put on hold", { covers = { "SDP-N01" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    local ok = device.takes(t, w, dialog, { sdp = sip.sdp { address = device.host(w), direction = "sendonly" } })
    expect.soft(ok.sdp.media[1].direction):equals("recvonly") -- §8.4: SHOULD
  end)

  scenario("an offer of its own names its dynamic formats", { covers = { "SDP-011" } }, function(t)
    local sdp = tostring(device.picks_up(t, t:wire("w"), { sdp = false }).sdp)
    for number in sdp:match("m=audio %d+ %S+([ %d]*)"):gmatch("%d+") do
      if tonumber(number) >= 96 then expect.soft(sdp):matches("a=rtpmap:" .. number .. " ") end
    end
  end)
end)

group("uas", { needs = { "uas", "trigger:answer" }, tags = { "uas" } }, function()
  for name, case in pairs {
    ["a line of a type that nobody knows"] = { "SDP-N03", with_line("x=foo", "m") },
    ["no version"] = { "SDP-010b", function(w) return (tostring(device.sdp(w)):gsub("v=0\r\n", "")) end },
    ["no origin"] = { "SDP-010b", function(w) return (tostring(device.sdp(w)):gsub("o=[^\n]*\n", "")) end },
    ["no time"] = { "SDP-010b", function(w) return (tostring(device.sdp(w)):gsub("t=[^\n]*\n", "")) end },
    ["its lines out of order"] = { "SDP-010b", function(w)
      return (tostring(device.sdp(w)):gsub("^(v=[^\n]*\n)(o=[^\n]*\n)", "%2%1"))
    end },
  } do
    scenario("a description with " .. name .. " is not answered", { covers = { case[1] } }, function(t)
      local w = t:wire("w")
      local invite, response = offered(t, w, { sdp = case[2](w) .. "m=application 0 UDP/NOTHING/NONE 98\r\n" })
      if response.status < 200 then
        t.dut:trigger("answer")
        w:ignore("180|183 INVITE")
        response = w:expect("2xx|4xx|6xx INVITE")
      end
      if response.status >= 300 then return w:send(t.dut, sip.ack(invite, response)) end
      w:send(t.dut, sip.dialog(invite, response):ack())
      -- Or it is passed over, and this is an offer: of fewer streams.
      local judge = case[1] == "SDP-010b" and expect.soft or expect -- no RFC says what a wrong one is worth
      judge(response.sdp and #response.sdp.media, "streams of an offer of its own"):equals(1)
    end)
  end
end)
