-- RFC 3261 §7.3, §8.1.3, §22: what a caller makes of the headers of a response.
local device = require("_device")

group("uac", { needs = { "uac", "trigger:call" }, tags = { "uac" } }, function()
  scenario("headers of requests are of no interest in responses", { covers = { "MSG-007b" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    local odd = { ["Max-Forwards"] = "0", ["Proxy-Require"] = "foo", Subject = "odd",
      Authorization = 'Digest username="x", realm="x", nonce="x", uri="sip:x", response="x"' }
    w:reply(invite, 180, { to_tag = "w", contact = "<" .. w.uri .. ">", headers = odd })
    device.taken(w, invite, { headers = odd })
    expect(w:expect("ACK").to.tag):equals("w")
    w:expect_none("*", "500ms")
  end)

  scenario("an unknown 2xx is a 200", { covers = { "MSG-N12" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:reply(invite, 299, { to_tag = "w", contact = "<" .. device.at(w, "here") .. ">", sdp = device.sdp(w) })
    local ack = w:expect("ACK")
    expect(ack.uri.user):equals("here")
    expect(ack.via[1].branch):never():equals(invite.via[1].branch)
    w:expect_none("*", "500ms")                             -- the call is up
  end)

  scenario("an unknown 3xx is a 300", { covers = { "MSG-N12" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:reply(invite, 399, { to_tag = "w", headers = { Contact = "<" .. device.at(w, "moved") .. ">" } })
    local ack = w:expect("ACK")
    expect(ack.via[1].branch):equals(invite.via[1].branch)
    local again = w:maybe("INVITE", { within = "500ms" })   -- §8.1.3.4: it may try that address
    if again then
      w:reply(again, 486, { to_tag = "x" })
      w:expect("ACK")
    end
  end)

  for name, odd in pairs {
    ["of an algorithm that nobody knows"] = 'Digest realm="odd", nonce="odd", algorithm=ODD-1024',
    ["of a scheme that nobody knows"] = 'Odd realm="odd"',
  } do
    scenario("of two challenges the one " .. name .. " is passed over",
      { needs = { "digest" }, covers = { "MSG-005b" } }, function(t)
        local w = t:wire("w")
        local invite = device.calls(t, w)
        w:reply(invite, 401, { to_tag = "w", headers = {
          ["WWW-Authenticate"] = { odd, sip.challenge { realm = "example.com", nonce = "abc" } } } })
        w:expect("ACK")
        local again = w:expect("INVITE")
        expect(#again:headers("Authorization")):equals(1)
        expect(again:header("Authorization")):contains('realm="example.com"')
        local good, why = sip.verify(again, param("password", "dut"))
        if not good then t:fail("its digest does not hold: " .. why) end
        w:reply(again, 486, { to_tag = "x" })
        w:expect("ACK")
      end)
  end

  scenario("escapes of a Contact are as they came in the BYE", { needs = { "trigger:hangup" }, covers = { "MSG-021" } },
    function(t)
      local w = t:wire("w")
      local invite = device.calls(t, w)
      device.taken(w, invite, { contact = "<" .. device.at(w, "cal%6Cer") .. ";n%61me=v%61lue%25%34%31>" })
      w:expect("ACK")
      t:sleep("50ms")
      t.dut:trigger("hangup")
      local bye = w:expect("BYE")
      w:reply(bye, 200)
      expect(bye.raw):matches("^BYE sip:cal(l|%6[Cc])er@[^ ]*;n(a|%61)me=v(a|%61)lue%25(41|%34%31) ")
    end)
end)
