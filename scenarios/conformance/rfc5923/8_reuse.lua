-- RFC 5923 §8, §9: which connection a request may take.
local device = require("_device")

group("tls", { needs = { "uas", "uac", "tls", "trigger:call" }, tags = { "uas", "uac", "tls" } }, function()
  scenario("an alias of who showed no certificate counts for nothing", { covers = { "TLS-024" } }, function(t)
    local w = t:wire("w", { transport = "tls" })
    local nobody = t:wire("nobody", { transport = "tls", address = device.host(w), tls = { cert = false } })
    nobody:send(t.dut, { method = "OPTIONS", uri = (t.dut.uri:gsub("^sip:", "sips:")), headers = {
      Via = "SIP/2.0/TLS " .. w.address .. ";alias;branch=" .. sip.branch() } })
    nobody:expect("2xx OPTIONS")
    t.dut:trigger("call", w)
    local invite = w:expect("INVITE")
    w:reply(invite, 486, { to_tag = "w" })
    w:expect("ACK")
    nobody:expect_none("*", "100ms")
  end)
end)

group("tls", { needs = { "uac", "tls", "trigger:call" }, tags = { "uac", "tls" }, net = "sim" }, function()
  for _, both in ipairs { false, true } do
    local who = both and "both" or "the first"
    scenario("two domains at one address, and a certificate for " .. who, { covers = { "TLS-025" } }, function(t)
      local w = t:wire("w", { transport = "tls", tls = {
        cert = { san = both and { "sip:one.example", "sip:two.example" } or "sip:one.example" } } })
      for _, domain in ipairs { "one.example", "two.example" } do
        t.net:dns { ["_sips._tcp." .. domain] = { srv = { { 10, 1, w, "edge." .. domain } } }, ["edge." .. domain] = { a = w } }
      end
      for i, domain in ipairs { "one.example", "two.example" } do
        t.dut:trigger("call", "sips:bob@" .. domain)
        if i == 1 or both then
          w:reply(w:expect("INVITE"), 486, { to_tag = "w" })
          w:expect("ACK")
        else
          w:expect_none("INVITE", "5s")
        end
      end
    end)
  end
end)
