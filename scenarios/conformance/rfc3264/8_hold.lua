-- RFC 3264 §5, §8: what a device offers, and how it puts a call on hold.
local device = require("_device")

-- The first stream is only sent to, by an address that is one.
local function held(offer)
  expect(offer.media[1].direction):equals("sendonly")
  expect(tostring(offer)):never():matches("c=IN IP4 0\\.0\\.0\\.0")
end

group("hold", { needs = { "trigger:hold" } }, function()
  scenario("a caller holds with sendonly", { needs = { "uac", "trigger:call" }, tags = { "uac" },
    covers = { "SDP-008b" } }, function(t)
      local w = t:wire("w")
      device.connected(t, w)
      local again = device.holds(t, w)
      device.taken(w, again)
      w:expect("ACK")
      held(again.sdp)
    end)

  scenario("a callee holds with sendonly", { needs = { "uas", "trigger:answer" }, tags = { "uas" },
    covers = { "SDP-008b" } }, function(t)
      local w = t:wire("w")
      device.dialog(t, w)
      local again = device.holds(t, w)
      device.taken(w, again)
      w:expect("ACK")
      held(again.sdp)
    end)
end)

scenario("an offer names its dynamic formats", { needs = { "uac", "trigger:call" }, tags = { "uac" },
  covers = { "SDP-011" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:reply(invite, 486, { to_tag = "w" })
    w:expect("ACK")
    for number in invite.body:match("m=audio %d+ %S+([ %d]*)"):gmatch("%d+") do
      if tonumber(number) >= 96 then expect.soft(invite.body):matches("a=rtpmap:" .. number .. " ") end -- §5.1: SHOULD
    end
  end)
