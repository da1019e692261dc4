-- RFC 3261 §18.1, §18.3, RFC 3581 §3: by which ways a phone takes what answers it.
local device = require("_device")

-- One INVITE and no copy of it any more, then the end of it.
local function taken(t, w, invite)
  t:sleep("2s")
  expect(#t:messages("dut->>w: INVITE")):equals(1)
  w:reply(invite, 486, { to_tag = "w" })
  w:expect("ACK")
end

group("uac", { needs = { "uac", "trigger:call" }, tags = { "uac", "transport" } }, function()
  scenario("an answer to the port of its sent-by is taken", { covers = { "TRP-005" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    local port = invite.via[1].port or 5060
    w:send("sip:" .. invite.source:match("^(.*):") .. ":" .. port,
      sip.response(invite, 180, { to_tag = "w", contact = "<" .. w.uri .. ">" }))
    taken(t, w, invite)
  end)

  scenario("an answer to where its request came from is taken",
    { needs = { "udp" }, covers = { "TRP-N03", "TRP-011" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    if not invite:header("Via"):find("rport", 1, true) then t:skip("it does not ask for rport") end
    expect(invite:header("Via")):matches(";rport(;|,|$)")
    local host, port = invite.source:match("^(.*):(%d+)$")
    local via = invite:header("Via"):gsub(";rport", ";received=" .. host .. ";rport=" .. port)
    w:send("sip:" .. invite.source, sip.response(invite, 180, { to_tag = "w", contact = "<" .. w.uri .. ">",
      headers = { Via = via } }))
    taken(t, w, invite)
  end)

  scenario("half a 200 is none", { covers = { "TRP-016b" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    local whole = sip.response(invite, 200, { to_tag = "w", contact = "<" .. w.uri .. ">", sdp = device.sdp(w) })
    w:send(t.dut, whole:with { headers = { ["Content-Length"] = tostring(#whole.body + 50) } })
    w:expect_none("ACK", "200ms")
    device.taken(w, invite)
    w:expect("ACK")
  end)

  scenario("by TCP the answer comes back on the connection", { needs = { "tcp" }, covers = { "TRP-N02", "TRP-018" } },
    function(t)
      local w = t:wire("w", { transport = "tcp" })
      local invite = device.calls(t, w)
      expect(invite:header("Content-Length")):equals(tostring(#invite.body))
      w:reply(invite, 486, { to_tag = "w" })
      w:expect("ACK")
    end)

  scenario("by TCP the answer may come on a connection of its own", { needs = { "tcp" }, covers = { "TRP-005b" } },
    function(t)
      local w, back = t:wire("w", { transport = "tcp" }), t:wire("back", { transport = "tcp" })
      local invite = device.calls(t, w)
      w:close()
      local host, port = invite.source:match("^(.*):%d+$"), invite.via[1].port or 5060
      back:send(("sip:%s:%s;transport=tcp"):format(host, port),
        sip.response(invite, 486, { to_tag = "back" }))
      expect(#t:messages("dut->>*: ACK"), "ACKs so far"):equals(0)
      t:sleep("1s")
      expect(#t:messages("dut->>*: ACK"), "ACKs"):at_least(1)
      w:ignore("*")
      back:ignore("*")
    end)

  scenario("by TCP two calls go by one connection", { needs = { "tcp" }, covers = { "TRP-022b" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })             -- §18.1.1: SHOULD
    local sources = {}
    for i = 1, 2 do
      local invite = device.calls(t, w)
      sources[i] = invite.source
      w:reply(invite, 486, { to_tag = "w" })
      w:expect("ACK")
      t:sleep("1s")
    end
    expect.soft(sources[2]):equals(sources[1])
  end)
end)
