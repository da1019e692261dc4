-- RFC 3261 §19.1.5: a request that is made of a URI, as a REFER asks for it.
local device = require("_device")

-- A 202 is what one scenario of RFC 3515 is about.
group("refer", { needs = { "uas", "refer", "trigger:answer" }, tags = { "uas" }, allow = { "REF-002" } }, function()
  for _, method in ipairs { "OPTIONS", "INVITE" } do
    scenario("the method of the URI is that of the request: " .. method, { covers = { "REF-015" } }, function(t)
      local v = t:wire("v")
      device.talks(t, t:agent("alice")):refer(v.uri .. ";method=" .. method):response("2xx")
      local request = v:expect("*")
      expect(request.method):equals(method)
      expect(request.raw):never():matches("^\\w+ [^ ]*method=")
      v:reply(request, 486)
      if method == "INVITE" then v:expect("ACK") end
    end)
  end

  scenario("the headers of the URI are its own, but for those that say who asks and which way",
    { covers = { "REF-015b" } }, function(t)
      local carol = t:agent("carol")
      local extra = "?Subject=lunch%20time&From=%3Csip%3Aeve%40192.0.2.9%3E&Call-ID=evil&CSeq=99%20INVITE"
        .. "&Via=SIP%2F2.0%2FUDP%20192.0.2.9&Route=%3Csip%3A192.0.2.9%3Blr%3E&Record-Route=%3Csip%3A192.0.2.9%3Blr%3E"
      device.talks(t, t:agent("alice")):refer(carol.uri .. extra)
      local leg = carol:expect_invite()
      local invite = leg.request
      expect.soft(invite:header("Subject")):equals("lunch time")
      for _, name in ipairs { "From", "Call-ID", "CSeq", "Via", "Route", "Record-Route" } do
        expect.soft(invite:header(name) or "", name):never():matches("evil|192\\.0\\.2\\.9|^99 ")
      end
      leg:answer()
    end)

  scenario("a call takes the place of another", { covers = { "REF-015b" } }, function(t)
    local carol, alice = t:agents("carol", "alice")
    local first = alice:invite(carol)
    local held = carol:expect_invite()
    held:answer()
    first:wait("confirmed")
    device.talks(t, alice):refer(carol, { replaces = first })
    local leg = carol:expect_invite { from = t.dut }
    local d = first.dialog
    expect(leg.request:header("Replaces")):matches("^" .. d.call_id .. ";")
    expect(leg.request:header("Replaces")):contains("to-tag=" .. d.remote_tag)
    expect(leg.request:header("Replaces")):contains("from-tag=" .. d.local_tag)
    leg:answer()
    leg:wait("confirmed")
  end)
end)
