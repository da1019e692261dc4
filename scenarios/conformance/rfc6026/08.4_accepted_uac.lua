-- RFC 6026 §7.2, §7.3, §8.4, §8.9: the client transaction of an INVITE that was taken waits for others (Timer M).
local device = require("_device")

group("uac", { needs = { "uac", "trigger:call" }, tags = { "uac", "timer", "long" } }, function()
  scenario("who takes the call half a minute later is acknowledged", { covers = { "CTI-014" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    device.taken(w, invite, { to_tag = "one" })
    expect(w:expect("ACK").to.tag):equals("one")
    t:sleep("30s")
    device.taken(w, invite, { to_tag = "two" })
    expect(w:expect("ACK").to.tag):equals("two")
    local bye = w:maybe("BYE", { within = "1s" })           -- §13.2.2.4: it may hang up
    if bye then w:reply(bye, 200) end
  end)

  scenario("who takes the call after 64*T1 is nobody", { covers = { "CTI-017", "MAT-011" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    device.taken(w, invite, { to_tag = "one" })
    expect(w:expect("ACK").to.tag):equals("one")
    t:sleep("40s")
    w:reply(invite, 180, { to_tag = "one", contact = "<" .. w.uri .. ">" })
    device.taken(w, invite, { to_tag = "two" })
    w:expect_none("*", "1s")
  end)
end)

group("uac", { needs = { "uac", "trigger:call" }, tags = { "uac" } }, function()
  for name, tag in pairs { ["of the call that is up"] = "w", ["of another call"] = "x" } do
    scenario("a stray 200 " .. name .. " is nobody's", { covers = { "MAT-011" } }, function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      device.taken(w, invite)
      w:expect("ACK")
      local via = invite:header("Via"):gsub("branch=[^;]*", "branch=z9hG4bKstray")
      w:send(t.dut, sip.response(invite, 200, { to_tag = tag, contact = "<" .. w.uri .. ">", headers = { Via = via } }))
      w:expect_none("*", "300ms")
    end)
  end
end)
