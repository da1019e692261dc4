-- RFC 3261 §8.2, §11, §20, §21: what a user agent looks at in a request before it does what it is asked.
local device = require("_device")

-- The device is asked so, and says that.
local function says(t, fields, pattern, w)
  w = w or t:wire("w")
  w:ignore("100")
  local sent = w:send(t.dut, fields)
  local answer = w:expect(pattern)
  if sent.method == "INVITE" then
    if answer.status >= 300 then w:send(t.dut, sip.ack(sent, answer)) else w:ignore("*") end
  end
  return answer
end

group("uas", { needs = { "uas" }, tags = { "uas" } }, function()
  for name, to in pairs { ["a telephone number"] = "<tel:+12025550100>", ["somebody elsewhere"] = "<sip:eve@elsewhere.invalid>" } do
    scenario("To is " .. name .. ", and the Request-URI counts", { covers = { "UAS-N07" } }, function(t)
      local w = t:wire("w")
      says(t, device.invite(t, w, { headers = { To = to } }), "180|183|200", w)
    end)
  end

  scenario("Require in a CANCEL is of no interest", { covers = { "UAS-006" } }, function(t)
    local w = t:wire("w")
    local invite, first = device.rings(t, w)
    if first.status == 200 then t:skip("it answers at once") end
    local cancel = sip.cancel(invite)
    w:send(t.dut, cancel:with { headers = { Require = "foo", ["Proxy-Require"] = "foo" } })
    w:ignore("180|183 INVITE")
    local said = w:expect_all { "200 CANCEL", "487 INVITE" }
    w:send(t.dut, sip.ack(invite, said[2]))
  end)

  scenario("Require in the ACK of a refusal is of no interest", { covers = { "UAS-006b", "UAS-018" } }, function(t)
    local w = t:wire("w")
    w:ignore("100")
    local invite = w:send(t.dut, device.invite(t, w, { headers = { Require = "nothingSupportsThis" } }))
    local refused = w:expect("420 INVITE")
    w:send(t.dut, sip.ack(invite, refused):with { headers = { Require = "foo", ["Proxy-Require"] = "foo" } })
    t:sleep("1.8s")
    expect(#t:messages("dut->>w: 420")):equals(1)
  end)

  scenario("a language that nobody knows is no matter, or a 415 that says which are",
    { covers = { "UAS-N02" } }, function(t)
      local w = t:wire("w")
      local answer = says(t, device.invite(t, w, { headers = { ["Content-Language"] = "x-none" } }),
        "180|183|200|415", w)
      if answer.status == 415 then expect(answer:header("Accept-Language")):exists() end
    end)

  scenario("a Request-URI of 4 kB is no harm", { covers = { "UAS-016" } }, function(t)
    device.lives(t)
    says(t, { method = "OPTIONS", uri = t.dut.uri .. ";x=" .. ("y"):rep(4096) }, "200|400|414|513 OPTIONS")
    device.lives(t)
  end)

  scenario("100 has no To tag of its own", { covers = { "UAS-N04", "UAS-013", "UAS-013b" } }, function(t)
    local w = t:wire("w")
    local invite = w:send(t.dut, device.invite(t, w, { headers = { Timestamp = "54" } }))
    w:ignore("180|183|200 INVITE")
    local trying = w:maybe("100", { within = "1s" })
    if not trying then t:skip("it sends no 100") end
    expect.soft(trying.to.tag):is_nil()
    expect(trying:header("Timestamp")):matches("^54")
    local delay = tonumber(trying:header("Timestamp"):match("^54%s+([%d.]+)"))
    if delay then expect.soft(delay):between(trying.time - invite.time - 0.2, trying.time - invite.time + 0.2) end
  end)

  scenario("each method that it lists it knows, and each that it knows it lists", { covers = { "UAS-N01" } }, function(t)
    local alice = t:agent("alice")
    local allow = alice:options(t.dut):response(200):header("Allow")
    if not allow then t:skip("it does not say what it allows") end
    local listed = {}
    for method in allow:gmatch("[%w]+") do listed[method] = true end
    for _, method in ipairs { "INVITE", "ACK", "CANCEL", "BYE", "OPTIONS" } do
      expect(listed[method] or false, method):equals(true)
    end
    for i, method in ipairs { "INFO", "UPDATE", "PRACK", "SUBSCRIBE", "PUBLISH" } do
      local w = t:wire("w" .. i)
      w:ignore("NOTIFY")
      w:send(t.dut, { method = method, uri = t.dut.uri, to_tag = "nobody", headers = { Event = "odd", RAck = "1 1 INVITE" } })
      local status = w:expect("*").status
      expect(status == 405 or status == 501, method .. " is refused"):equals(not listed[method])
    end
  end)

  for i, tags in ipairs { "100rel, timer", "timer", "replaces" } do
    scenario("no response requires what the request does not support: " .. tags, { covers = { "UAS-N03", "UAS-009" } },
      function(t)
        local w = t:wire("w")
        device.picks_up(t, w, { headers = { Supported = tags, ["Session-Expires"] = i < 3 and "1800" or nil } })
        for _, response in ipairs(t:messages("dut->>w: *")) do
          for tag in (response:header("Require") or ""):gmatch("[%w]+") do expect(tags):contains(tag) end
          if response:header("RSeq") then expect(response:header("Require")):contains("100rel") end
        end
      end)
  end
end)

group("uas", { needs = { "uas", "tcp" }, tags = { "uas" } }, function()
  scenario("a request of 100 kB does no harm", { covers = { "UAS-016b" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, body = ("x"):rep(100000), content_type = "text/plain" })
    w:maybe("200|400|413|415|513", { within = "2s" })
    device.lives(t)
  end)
end)

group("uas", { needs = { "uas", "trigger:answer", "trigger:hangup" }, tags = { "uas" } }, function()
  scenario("a re-INVITE that is refused moves nobody", { covers = { "UAS-015" } }, function(t)
    local w = t:wire("w")
    local dialog = device.dialog(t, w)
    local again = w:send(t.dut, dialog:request("INVITE", { contact = "<" .. device.at(w, "moved") .. ">",
      headers = { Require = "nothingSupportsThis" }, sdp = device.sdp(w) }))
    local refused = w:expect("200|4xx INVITE", { skip = true })
    if refused.status == 200 then t:skip("it does not refuse it") end
    w:send(t.dut, sip.ack(again, refused))
    t:sleep("50ms")
    t.dut:trigger("hangup")
    local bye = w:expect("BYE")
    w:reply(bye, 200)
    expect(bye.uri.user):never():equals("moved")
  end)
end)
