-- RFC 5922 §7, RFC 5280 §6: to whom a device talks by TLS. Names are ours, so that a real device never gets that far.

-- What a wire that shows this certificate hears of the device, which calls sips:bob@DOMAIN: how many messages.
local function called(t, cert, domain)
  local bob = t:agent("bob", { transport = "tls", tls = { cert = cert }, auto = { reject = 486 } })
  domain = domain or "example.com"
  t.net:dns { ["_sips._tcp." .. domain] = { srv = { { 10, 1, bob, "edge.provider.example" } } },
    ["edge.provider.example"] = { a = bob } }
  t.dut:trigger("call", "sips:bob@" .. domain)
  t:sleep("5s")
  return #t:messages("dut->>bob: INVITE")
end

local own = { san = "sip:example.com" }
local function with(fields)
  for name, value in pairs(own) do if fields[name] == nil then fields[name] = value end end
  return fields
end
local function below(fields) return function() return { san = "DNS:example.com", issuer = sip.certificate(fields) } end end

local cases = {
  { "TLS-003", true,  "a SIP URI of the domain", { san = "sip:example.com" } },
  { "TLS-003", true,  "a SIP URI of it in capitals", { san = "URI:SIP:Example.com" } },
  { "TLS-004", false, "the URI of a user there", { san = "sip:user@example.com" } },
  { "TLS-005", false, "a SIPS URI", { san = "URI:sips:example.com" } },
  { "TLS-005", false, "a web address", { san = "URI:https://example.com" } },
  { "TLS-006", false, "a SIP URI of somebody else, and its name", { san = { "sip:other.example", "DNS:example.com" } } },
  { "TLS-006", true,  "a web address of somebody else, and its name", { san = { "URI:https://other.example", "DNS:example.com" } } },
  { "TLS-007b", false, "its common name, but other names", { cn = "example.com", san = "DNS:other.example" } },
  { "TLS-007b", false, "its common name, but a mail address", { cn = "example.com", san = "email:a@example.com" } },
  { "TLS-008", false, "a wildcard", { san = "DNS:*.example.com" }, "sip.example.com" },
  { "TLS-008", false, "a leading dot", { san = "DNS:.example.com" }, "sip.example.com" },
  { "TLS-009", false, "the domain above", { san = "DNS:example.com" }, "foo.example.com" },
  { "TLS-009", false, "a domain below", { san = "DNS:foo.example.com" } },
  { "TLS-009b", true, "its name in capitals", { san = "DNS:EXAMPLE.COM" } },
  { "TLS-010", false, "the name of the server that the DNS gave", { san = "sip:edge.provider.example" } },
  { "TLS-010", true,  "the name of the domain that was called", { san = "sip:example.com" } },
  { "TLS-013", false, "what has expired", with { expired = true } },
  { "TLS-013", false, "what is not valid yet", with { not_yet = true } },
  { "TLS-013", false, "what it has signed itself", with { self_signed = true } },
  { "TLS-013b", false, "what was signed by who is no CA", below { san = "sip:example.org" } },
  { "TLS-013c", false, "an unknown critical extension", with { critical_unknown = true } },
  { "TLS-013d", false, "a CA for all but this domain", below { ca = true, excludes = "example.com" } },
  { "TLS-013d", false, "a CA for another domain", below { ca = true, permits = "other.example" } },
  { "TLS-014", false, "what is for mail only", with { eku = "email" } },
  { "TLS-016", false, "its name with a NUL and more", { san = "DNS:example.com\0.evil.example" } },
}

group("tls", { needs = { "uac", "tls", "trigger:call" }, tags = { "uac" }, net = "sim" }, function()
  for _, case in ipairs(cases) do
    local id, good, what, cert, domain = table.unpack(case)
    local covers = good and { id } or { id, "TLS-011" }
    scenario((good and "it talks to who shows " or "it says nothing to who shows ") .. what, { covers = covers }, function(t)
      local shown = type(cert) == "function" and cert() or cert
      expect(called(t, sip.certificate(shown), domain)):equals(good and 1 or 0)
    end)
  end

  scenario("it asks for the domain that it calls", { covers = { "TLS-015", "TLS-022" } }, function(t)
    local w = t:wire("w", { transport = "tls", tls = { cert = sip.certificate { san = "sip:example.com" } } })
    t.net:dns { ["_sips._tcp.example.com"] = { srv = { { 10, 1, w, "edge.provider.example" } } },
      ["edge.provider.example"] = { a = w } }
    t.dut:trigger("call", "sips:bob@example.com")
    expect(w:expect_connect().tls.sni):equals("example.com")
    local invite = w:expect("INVITE")
    expect(invite.via[1].transport):equals("TLS")
    w:reply(invite, 486, { to_tag = "w" })
    w:expect("ACK")
  end)
end)
