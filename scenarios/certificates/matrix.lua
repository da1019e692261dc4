-- The certificates that a SIP peer may meet, and what has to become of each: RFC 5922 §7, RFC 5924 §5,
-- RFC 5280. Each is shown by a server to a client that asked for sip.example.com, and by a client to a
-- server that lets in sip.example.com alone; with TLS 1.2 and with TLS 1.3. `true`: it is good. Else
-- why it is refused: then the other side is told by an alert, and not a byte of SIP is sent.

local DOMAIN = "sip.example.com"

local function issued_by(issuer)
  return { san = "sip:" .. DOMAIN, issuer = issuer }
end

local function with(changes)
  local cert = { san = "sip:" .. DOMAIN }
  for name, value in pairs(changes) do cert[name] = value end
  return cert
end

-- CAs one below the other, as many as that; the last one signs.
local function tower(height, opts)
  local issuer
  for i = 1, height do
    local ca = { ca = true, cn = "storey " .. i, issuer = issuer }
    for name, value in pairs(i == 1 and opts or {}) do ca[name] = value end
    issuer = sip.certificate(ca)
  end
  return issuer
end

local function names(count)
  local list = {}
  for i = 1, count do list[i] = ("sip:a%d.example.com"):format(i) end
  list[#list + 1] = "sip:" .. DOMAIN
  return list
end

local rows = {
  -- RFC 5922 §7.1: where identities are found
  { "a URI",                             { san = "sip:sip.example.com" }, true },
  { "a URI with parameters",             { san = "sip:sip.example.com:5061;transport=tls" }, true },
  { "a DNS name",                        { san = "sip.example.com" }, true },
  { "a URI and a DNS name",              { san = { "sip:sip.example.com", "sip.example.com" } }, true },
  { "one URI of several",                { san = { "sip:a.example", "sip:sip.example.com" } }, true },
  { "the last of 1,001 URIs",            function() return { san = names(1000) } end, true },
  { "a common name alone",               { cn = "sip.example.com" }, true },
  { "another URI, and our DNS name",     { san = { "sip:example.net", "sip.example.com" } }, "is for example\\.net" },
  { "a sips URI alone",                  { san = "sips:sip.example.com" }, "is for no domain" },
  { "an https URI alone",                { san = "https://sip.example.com" }, "is for no domain" },
  { "a URI with a userpart",             { san = "sip:bob@sip.example.com" }, "is for no domain" },
  { "a userpart, and our DNS name",      { san = { "sip:bob@sip.example.com", "sip.example.com" } }, true },
  { "an e-mail address",                 { san = "email:bob@sip.example.com" }, "is for no domain" },
  { "an IP address",                     { san = "IP:10.0.0.2" }, "is for no domain" },
  { "our common name, another SAN",      { cn = "sip.example.com", san = "sip:example.net" }, "is for example\\.net" },
  { "our common name, an empty SAN",     { cn = "sip.example.com", san = {} }, "is for no domain" },
  { "an empty SAN, and nothing else",    { san = {} }, "is for no domain" },

  -- §7.2: how they are compared
  { "upper case",                        { san = "sip:SIP.Example.COM" }, true },
  { "another name",                      { san = "sip:sip.example.org" }, "is for sip\\.example\\.org" },
  { "the domain above",                  { san = "sip:example.com" }, "is for example\\.com" },
  { "a name below",                      { san = "sip:a.sip.example.com" }, "is for a\\.sip\\.example\\.com" },
  { "a wildcard as DNS name",            { san = "*.example.com" }, "is for \\*\\.example\\.com" },
  { "a wildcard as URI",                 { san = "sip:*.example.com" }, "is for \\*\\.example\\.com" },
  { "a leading dot",                     { san = "sip:.example.com" }, "is for \\.example\\.com" },
  { "a trailing dot",                    { san = "sip:sip.example.com." }, "is for sip\\.example\\.com\\." },
  { "a NUL behind our name",             { san = "DNS:sip.example.com\0.example.org" }, "is for no domain" },
  { "a NUL in the common name",          { cn = "sip.example.com\0.example.org" }, "is for no domain" },
  { "a name in UTF-8",                   { san = "DNS:b\u{fc}cher.example" }, "is for b\u{fc}cher\\.example" },
  { "its A-label",                       { san = "DNS:xn--bcher-kva.example" }, true, domain = "xn--bcher-kva.example" },
  { "a name of 64 KiB",                  { san = "DNS:" .. ("a"):rep(65536) }, "is for aaaa" },

  -- RFC 5924 §5: what it may be used for
  { "usage SIP",                         with { eku = "sipDomain" }, true },
  { "usage SIP among others",            with { eku = { "email", "sipDomain" } }, true },
  { "any usage",                         with { eku = "any" }, true },
  { "usage web server",                  with { eku = "serverAuth" }, "is not for SIP" },
  { "usage web client",                  with { eku = "clientAuth" }, "is not for SIP" },
  { "usage e-mail",                      with { eku = "email" }, "is not for SIP" },

  -- RFC 5280 §6: the path
  { "expired",                           with { expired = true }, "certificate has expired" },
  { "not valid yet",                     with { not_yet = true }, "certificate is not yet valid" },
  { "signed by itself",                  with { self_signed = true }, "self-signed certificate" },
  { "by a CA that nobody knows",         function()
      return issued_by(sip.certificate { ca = true, self_signed = true })
    end, "unable to get local issuer|self-signed certificate in" },
  { "by a CA below ours",                function() return issued_by(sip.certificate { ca = true }) end, true },
  { "the CA below ours is not shown",    function()
      return with { issuer = sip.certificate { ca = true }, chain = false }
    end, "unable to get local issuer" },
  { "the CA below ours has expired",     function()
      return issued_by(sip.certificate { ca = true, expired = true })
    end, "above its own: certificate has expired" },
  { "by who is no CA",                   function()
      return issued_by(sip.certificate { san = "sip:example.org" })
    end, "invalid CA certificate" },
  { "as far down as may be",             function() return issued_by(tower(2, { path_length = 1 })) end, true },
  { "further down than may be",          function() return issued_by(tower(3, { path_length = 1 })) end, "path length" },
  { "twenty CAs, one below the other",   function() return issued_by(tower(20)) end, "certificate chain too long|unable to get" },
  { "a CA for our domain",               function()
      return { san = "DNS:sip.example.com", issuer = sip.certificate { ca = true, permits = "example.com" } }
    end, true },
  { "a CA for another domain",           function()
      return { san = "DNS:sip.example.com", issuer = sip.certificate { ca = true, permits = "example.net" } }
    end, "permitted subtree violation" },
  { "a CA for all but our domain",       function()
      return { san = "DNS:sip.example.com", issuer = sip.certificate { ca = true, excludes = "example.com" } }
    end, "excluded subtree violation" },
  { "a critical extension unknown",      with { critical_unknown = true }, "unhandled critical extension" },
  { "revoked",                           with { revoked = true }, "certificate revoked" },

  -- RFC 9325 §4: strength
  { "P-384",                             with { key = "p384" }, true },
  { "Ed25519",                           with { key = "ed25519" }, true },
  { "RSA of 2048 bits",                  with { key = "rsa2048" }, true },
  { "RSA of 4096 bits",                  with { key = "rsa4096" }, true },
  { "RSA of 1024 bits",                  with { key = "rsa1024" }, "key too weak" },
  { "signed over SHA-1",                 with { hash = "sha1" }, "digest algorithm too weak" },
  { "by a CA with 1024 bits of RSA",     function()
      return issued_by(sip.certificate { ca = true, key = "rsa1024" })
    end, "key too weak" },
}

-- The judge has not let it in: it says why, the other side was told, and nothing came through.
local function refused(judge, shown, why)
  expect(judge.tls.error):matches(why)
  expect(judge.state):never():equals("open")
  local how, bytes = shown:expect_close()
  expect(how):equals("alert")
  expect(bytes):equals(0)
  expect(judge.bytes):equals(0)
end

for _, version in ipairs { "1.2", "1.3" } do
  for _, row in ipairs(rows) do
    local what, cert, verdict = row[1], row[2], row[3]
    local domain = row.domain or DOMAIN

    scenario("TLS " .. version .. ": a server shows " .. what, function(t)
      local shown  = type(cert) == "function" and cert() or cert
      local client = t:wire("client", { transport = "tls" })
      local server = t:wire("server", { transport = "tls", uri = "sips:" .. domain,
                                        tls = { cert = shown, version = version } })
      local ours   = client:connect(server)
      local theirs = server:expect_connect()
      if verdict ~= true then
        return refused(ours, theirs, verdict)
      end
      client:send(server, { method = "OPTIONS", uri = server.uri })
      server:expect("OPTIONS")
      expect(ours.tls.peer):matches("(?i)^" .. domain:gsub("%.", "\\.") .. "$")
      expect(theirs.tls.sni):equals(domain)
    end)

    scenario("TLS " .. version .. ": a client shows " .. what, function(t)
      local shown  = type(cert) == "function" and cert() or cert
      local client = t:wire("client", { transport = "tls", tls = { cert = shown, version = version } })
      local server = t:wire("server", { transport = "tls",
                                        tls = { verify = "mutual", peers = { domain } } })
      local ours   = client:connect(server)
      local theirs = server:expect_connect()
      if verdict ~= true then
        return refused(theirs, ours, verdict)
      end
      client:send(server, { method = "OPTIONS", uri = server.uri })
      server:expect("OPTIONS")
      expect(theirs.tls.peer):matches("(?i)^" .. domain:gsub("%.", "\\.") .. "$")
    end)
  end

  -- RFC 5922 §7.4
  scenario("TLS " .. version .. ": a client shows nothing", function(t)
    local client = t:wire("client", { transport = "tls", tls = { cert = false, version = version } })
    local server = t:wire("server", { transport = "tls", tls = { verify = "mutual" } })
    local ours   = client:connect(server)
    refused(server:expect_connect(), ours, "peer did not return a certificate")
  end)
end
