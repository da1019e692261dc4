-- RFC 5621 §4.2, §8.1, RFC 3261 §7.4: a session description is found among other parts.
local device = require("_device")

local function part(kind, body, disposition)
  local head = "Content-Type: " .. kind .. "\r\n"
  if disposition then head = head .. "Content-Disposition: " .. disposition .. "\r\n" end
  return head .. "\r\n" .. body .. "\r\n"
end

local function multipart(boundary, ...)
  return "--" .. boundary .. "\r\n" .. table.concat({ ... }, "--" .. boundary .. "\r\n") .. "--" .. boundary .. "--\r\n"
end

local odd = part("application/x-odd", "odd\0\r\n", "render;handling=optional")

group("uas", { needs = { "uas", "trigger:answer" }, tags = { "uas" } }, function()
  for name, way in pairs {
    ["beside a part that is optional"] = function(sdp)
      return "multipart/mixed;boundary=one", multipart("one", part("application/sdp", sdp), odd)
    end,
    ["behind a part that is optional"] = function(sdp)
      return 'multipart/mixed;boundary="one two"', multipart("one two", odd, part("application/sdp", sdp))
    end,
    ["as an alternative"] = function(sdp)
      return "multipart/alternative;boundary=one", multipart("one", part("text/plain", "call me"), part("application/sdp", sdp))
    end,
    ["in parts of parts"] = function(sdp)
      local inner = multipart("two", part("text/plain", "call me"), part("application/sdp", sdp))
      return "multipart/mixed;boundary=one", multipart("one", part("multipart/alternative;boundary=two", inner), odd)
    end,
  } do
    scenario("a session description is found " .. name, { covers = { "UAS-N08", "MSG-N15" } }, function(t)
      local w = t:wire("w")
      local kind, body = way(tostring(device.sdp(w)))
      local _, ok = device.dialog(t, w, { sdp = false, body = body, content_type = kind })
      expect(ok.sdp.media[1].kind):equals("audio")
      expect(ok.sdp.media[1].port):at_least(1)
    end)
  end

  scenario("a body that is optional, and that nobody knows, is as none", { covers = { "UAS-008" } }, function(t)
    local w = t:wire("w")
    w:ignore("100")
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, body = "odd", content_type = "application/x-odd",
      headers = { ["Content-Disposition"] = "render;handling=optional" } })
    w:expect("200 OPTIONS")
  end)
end)
