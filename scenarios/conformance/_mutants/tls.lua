-- Devices that break one rule of TLS and of SIPS URIs each: RFC 3261 §26, RFC 5630, RFC 5922, RFC 5923.

local asked = {}                        -- in this scenario

local function by_tls(msg) return msg.raw:find("\r\nVia: SIP/2.0/TLS", 1, true) ~= nil end
local function says(msg, line) return (msg.raw:gsub("^[^\r]*", "SIP/2.0 " .. line, 1)) end

mutant("TLS-012", "tls_is_proof", {
  why = "who comes by TLS needs no password",
  on_send = function(msg) if msg:is("401 REGISTER") and by_tls(msg) then return says(msg, "200 OK") end end,
})

mutant("TLS-017", "transport_tls", {
  why = "its secure Contacts say transport=tls",
  on_send = function(msg)
    if msg:is("INVITE") or msg:is("200 INVITE") then
      return (msg.raw:gsub("(\r\nContact: <sips:[^>]*)", "%1;transport=tls"))
    end
  end,
})

mutant("TLS-018", "asks_again", {
  why = "a 416 or a 480 to a SIPS URI makes it ask again",
  on_receive = function(msg)
    if (msg:is("416 INVITE") or msg:is("480 INVITE")) and by_tls(msg) then
      local there = tostring(msg.to.uri):gsub("^sips:[^@]*", "sips:again")
      return (says(msg, "302 Moved"):gsub("\r\nContact:[^\r]*", ""):gsub("\r\n", "\r\nContact: <" .. there .. ">\r\n", 1))
    end
  end,
})

mutant("TLS-018b", "sips_is_sip", {
  why = "a SIPS URI becomes a SIP URI in its INVITE",
  on_send = function(msg) if msg:is("INVITE|ACK") then return (msg.raw:gsub("^(%u+) sips:", "%1 sip:")) end end,
})

mutant("TLS-021", "refuses_with_488", {
  why = "URIs that do not agree are refused with 488",
  on_receive = function(msg)
    asked.odd = asked.odd or (msg:is("INVITE") and msg.raw:find("^INVITE sips:") and msg.raw:find("\nContact: <?sip:"))
  end,
  on_send = function(msg)
    if asked.odd and msg:is("180|200 INVITE") then return says(msg, "488 Not Acceptable Here") end
  end,
})

mutant("TLS-022", "via_tcp", {
  why = "its Via says TCP where it asks a SIP URI by TLS",
  on_send = function(msg)
    if msg.raw:find("^INVITE sip:") then return (msg.raw:gsub("\r\nVia: SIP/2.0/TLS", "\r\nVia: SIP/2.0/TCP", 1)) end
  end,
})

mutant("TLS-022b", "no_port", {
  why = "a SIPS URI without a port is asked nowhere",
  on_send = function(msg) if msg.raw:find("^INVITE sips:w@[%d.]+ ") then return false end end,
})

mutant("TLS-023", "knows_no_sips_at_all", {
  why = "it refuses an OPTIONS by TLS with 416",
  on_receive = function(msg) asked.sips = msg.raw:find("^OPTIONS sips:dut@") or msg.raw:find("^OPTIONS sips:%d") end,
  on_send = function(msg) if msg:is("200 OPTIONS") and asked.sips then return says(msg, "416 Unsupported URI Scheme") end end,
  also = { ["TLS-002"] = "its OPTIONS by TLS is refused", ["TLS-024"] = "its OPTIONS by TLS is refused",
    ["TLS-026b"] = "its OPTIONS by TLS is refused" },
})

mutant("TLS-N04", "contact_sips", {
  why = "whatever it asks by TLS has a SIPS Contact",
  on_send = function(msg)
    if msg:is("INVITE") and by_tls(msg) then return (msg.raw:gsub("(\r\nContact: <)sip:", "%1sips:")) end
  end,
})

-- What is wrong in every certificate is the same to who looks at none.
local shown = { "TLS-004", "TLS-005", "TLS-006", "TLS-007b", "TLS-008", "TLS-009", "TLS-010", "TLS-011", "TLS-013", "TLS-013b",
  "TLS-013c", "TLS-013d", "TLS-014", "TLS-016", "TLS-025", "TLS-026" }
local function others(row)
  local also = {}
  for _, id in ipairs(shown) do
    if id ~= row then also[id] = "it looks at no certificate at all" end
  end
  return also
end
for _, row in ipairs(shown) do
  mutant(row, "trusts_all", {
    why = "whatever a server shows, it talks to it",
    tls = { verify = false },
    also = others(row),
  })
end

mutant("TLS-001", "wants_certificates", {
  why = "who shows no certificate is sent away",
  tls = { verify = "mutual" },
  also = { ["TLS-012"] = "nobody without a certificate gets so far", ["TLS-024"] = "nobody without a certificate gets so far" },
})

mutant("TLS-012b", "wants_certificates", {
  why = "who shows no certificate is sent away, by nobody's policy",
  tls = { verify = "mutual" },
  also = { ["TLS-001"] = "the same handshake", ["TLS-012"] = "nobody without a certificate gets so far",
    ["TLS-024"] = "nobody without a certificate gets so far" },
})

mutant("TLS-002", "no_tls_1_2", {
  why = "TLS 1.3 is the only one that it speaks",
  tls = { version = "1.3" },
})
