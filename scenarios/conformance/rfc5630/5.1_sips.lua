-- RFC 5630 §5.1, RFC 3261 §26.2: what it means that a URI is a SIPS URI.
local device = require("_device")

local function secured(t) return (t.dut.uri:gsub("^sip:", "sips:")) end

group("tls", { needs = { "uas", "tls" }, tags = { "uas" } }, function()
  scenario("a SIPS URI is asked like another one", { covers = { "TLS-023" } }, function(t)
    local w = t:wire("w", { transport = "tls" })
    w:send(t.dut, { method = "OPTIONS", uri = secured(t) })
    w:expect("2xx OPTIONS")
  end)

  scenario("who is called by SIPS says where by SIPS, and not that it is TLS",
    { covers = { "TLS-017", "DLG-N02" }, needs = { "trigger:answer" } }, function(t)
      local w = t:wire("w", { transport = "tls" })
      local ok = device.picks_up(t, w, { uri = secured(t), contact = "sips:w@" .. w.address })
      expect(ok.contact[1].uri.scheme):equals("sips")
      expect(ok:header("Contact")):never():matches("(?i)transport=tls")
    end)
end)

group("tls", { needs = { "uac", "tls", "trigger:call" }, tags = { "uac" } }, function()
  scenario("a SIPS URI stays one, by TLS", { covers = { "TLS-018b", "TLS-022", "TLS-017", "UAC-006" } }, function(t)
    local w = t:wire("w", { transport = "tls" })
    local invite = device.calls(t, w)
    expect(invite.uri.scheme):equals("sips")
    expect(invite.transport):equals("tls")
    expect(invite.via[1].transport):equals("TLS")
    expect(invite.contact[1].uri.scheme):equals("sips")
    expect(invite:header("Contact")):never():matches("(?i)transport=tls")
    w:reply(invite, 486, { to_tag = "w" })
    w:expect("ACK")
  end)

  for status, headers in pairs { [416] = {}, [480] = { Warning = '380 example.com "SIPS Not Allowed"' } } do
    scenario("who is refused with " .. status .. " does not ask again without", { covers = { "TLS-018" } }, function(t)
      local w, plain = t:wire("w", { transport = "tls" }), t:wire("plain")
      local invite = device.calls(t, w)
      w:reply(invite, status, { to_tag = "w", headers = headers })
      w:expect("ACK")
      w:expect_none("INVITE", "5s")
      plain:expect_none("INVITE", "1s")
    end)
  end
end)
