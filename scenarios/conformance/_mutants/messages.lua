-- Devices that read or write one thing of a message wrong.

local function deaf(id, name, why, mine, also)
  mutant(id, name, { why = why, also = also, on_receive = function(msg) if mine(msg) then return false end end })
end

local function says(id, name, why, status, mine, also)
  local seen = {}
  mutant(id, name, { why = why, also = also,
    on_receive = function(msg) if mine(msg) then seen[msg.call_id or ""] = true end end,
    on_send = function(msg)
      if msg.status and msg.status > 100 and seen[msg.call_id or ""] then return msg:with { status = status } end
    end })
end

local function about(part) return function(msg) return msg.raw:find(part, 1, true) ~= nil end end
local function like(pattern) return function(msg) return msg.raw:find(pattern) ~= nil end end

-- What it makes of a request.
says("MSG-N13", "any_case", "options is OPTIONS to it", 200, like("^options "))
says("MSG-020b", "quote_goes_on", "it takes a name that never ends", 200, about([["abc\" <]]))
mutant("MSG-013b", "wrong_length", { why = "it states a length where there is no body",
  also = { ["DLG-012"] = "they look at the same 481" },
  on_send = function(msg)
    if msg:is("481 BYE") and msg.to.tag == "nobody" then return (msg.raw:gsub("Content%-Length: 0", "Content-Length: 1")) end
  end })
says("UAS-003", "is_200", "it answers for every scheme", 200, like("^OPTIONS nobodyKnowsThisScheme:"),
  { ["TOR-unkscm"] = "the same" })
says("UAS-N07", "to_counts", "it goes by the To", 404, function(msg)
  return msg.method == "INVITE" and (msg.raw:find("tel:+12025550100", 1, true) or msg.raw:find("eve@elsewhere", 1, true)) end)
mutant("UAS-006b", "ack_is_checked", { why = "an ACK that requires something is not taken",
  on_receive = function(msg) if msg:is("ACK") and msg:header("Require") then return false end end })
says("UAS-N02", "no_languages", "its 415 does not say which languages there are", 415, about("Content-Language: x-none"))
deaf("UAS-016", "long_uri", "it drops a Request-URI of 4 kB", like("^OPTIONS [^ ]*yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"))
mutant("UAS-N01", "allow_short", { why = "its Allow forgets CANCEL",
  on_send = function(msg)
    local allow = msg:is("200 OPTIONS") and msg:header("Allow")
    if allow then return msg:with { headers = { Allow = (allow:gsub(", CANCEL", ""):gsub("^CANCEL, ", "")) } } end
  end })
local poor = {}
mutant("UAS-N03", "requires_all", { why = "its 200 requires what it has, asked or not",
  on_receive = function(msg) if msg:is("INVITE") and msg:header("Supported") == "replaces" and not msg:header("Replaces") then poor[msg.call_id] = true end end,
  on_send = function(msg)
    if msg:is("200 INVITE") and poor[msg.call_id] then return msg:with { headers = { Require = "gruu" } } end
  end })
says("UAS-008", "is_415", "it refuses what is optional", 415, like("^OPTIONS .*application/x%-odd"))
local options = {}
mutant("OPT-003b", "makes_a_dialog", { why = "a BYE behind OPTIONS is a 200",
  on_send = function(msg)
    if msg:is("200 OPTIONS") then options[msg.call_id] = true end
    if msg:is("481 BYE") and options[msg.call_id] then return msg:with { status = 200 } end
  end })

-- How a request may be written: each is one that it cannot read.
for id, mine in pairs {
  ["MSG-003"] = like("^OPTIONS.*\r\nv: "), ["MSG-002"] = like("^OPTIONS.*\r\nCAll%-"), ["MSG-004"] = like("^OPTIONS sip:.*\r\n \t"),
  ["MSG-N03"] = like("^OPTIONS.*\r\nVia \t : "), ["MSG-N01"] = like("^OPTIONS [^ ]* sip/2"), ["MSG-N06"] = like("^OPTIONS [^ ]*;odd;x=1 "),
  ["MSG-N05"] = like("\r\nTo: <[^>]*>;odd\r"), ["MSG-N04"] = like(";BRANCH="), ["MSG-020"] = about([["a\"b\\c,]]),
  ["MSG-008"] = like("^OPTIONS.*NewFangledHeader"), ["MSG-007"] = like("^OPTIONS.*\r\nRetry%-After: 3600"), ["MSG-009"] = about("16:00:00 EST"),
  ["MSG-001"] = like("q=0.2.*q=0.8"), ["TRP-012"] = about(";rport;maddr="),
  ["OPT-003"] = function(msg) return msg:is("OPTIONS[To.tag, From.uri.user = w, CSeq.number = 2, !Contact]") and msg.time < 0.1 end,
} do
  deaf(id, "unread", "it cannot read it", mine, id == "MSG-001" and { ["REG-007"] = "it is registered so, too" } or nil)
end
says("MSG-016c", "taken", "the method of CSeq is not looked at", 200, like("^OPTIONS .*\r\nCSeq: 1 INVITE"))
says("MSG-016b", "taken", "a CSeq has as many digits as it likes", 200, like("^OPTIONS .*CSeq: 36893488147419103232"))
says("MSG-N14", "taken", "a request without From is taken", 200, function(msg) return msg.method == "OPTIONS" and not msg:header("From") end)
says("MSG-015b", "not_400", "another version is a mistake like others", 400, like("^[^\r]* SIP/7"))
says("MSG-014b", "taken", "a Request-URI in brackets is another scheme", 416, like("^%u+ <"))
says("MSG-018b", "taken", "of two of each the first counts", 200, about("multi01"))
says("TRP-016", "half_is_whole", "a datagram that ends too early is taken", 200, about("too short"))
says("UAS-002", "is_403", "a method that it does not know is forbidden", 403, like("^FROBNICATE sip:dut@"), { ["UAS-001"] = "it is that answer" })
mutant("OPT-002", "no_accept", { why = "its 200 to OPTIONS does not say what it accepts",
  on_send = function(msg) if msg:is("200 OPTIONS[Accept-Language]") then return msg:with { headers = { Accept = false } } end end })
mutant("MSG-N11", "no_length", { why = "what has no body has no length",
  on_send = function(msg)
    if msg:is("481 BYE") and msg.to.tag == "nobody" then return (msg.raw:gsub("Content%-Length: 0\r\n", "")) end
  end })

says("MSG-021c", "decoded", "RE%47IST%45R is REGISTER to it", 200, like("^RE%%47IST"))
local plain = {}
mutant("UAS-009", "requires_replaces", { why = "its 200 requires what it knows, asked or not",
  on_receive = function(msg) if msg:is("INVITE") and msg:header("Supported") == "timer" then plain[msg.call_id] = true end end,
  on_send = function(msg)
    if msg:is("180 INVITE") and plain[msg.call_id] then return msg:with { headers = { Require = "gruu" } } end
  end })

-- Bodies of several parts.
for _, id in ipairs { "UAS-N08", "MSG-N15" } do
  says(id, "no_parts", "it does not know multipart", 415, like("^INVITE .*Content%-Type: multipart/"))
end

-- What it makes of a response.
deaf("MSG-026", "unknown", "it drops a 499, and a 699", function(msg) return msg.status == 499 or msg.status == 699 end)
deaf("MSG-027", "unknown", "it drops a 187", function(msg) return msg.status == 187 end)
deaf("MSG-024", "phrase", "it drops a 200 that does not say OK", about("= 2**3"))
deaf("MSG-007b", "request_header", "it drops a response that has Max-Forwards", function(msg)
  return msg.status ~= nil and msg:header("Max-Forwards") == "0" end)
deaf("MSG-N12", "unknown", "it drops a 299, and a 399", function(msg) return msg.status == 299 or msg.status == 399 end)
mutant("MSG-005b", "one_row", { why = "of two challenges it sees the first",
  on_receive = function(msg)
    if msg.status ~= 401 or #msg:headers("WWW-Authenticate") < 2 or not msg.raw:find('realm="odd"', 1, true) then return end
    return msg:with { headers = { ["WWW-Authenticate"] = msg:headers("WWW-Authenticate")[1] } }
  end })
mutant("MSG-021", "decoded_twice", { why = "it decodes what it has decoded",
  on_send = function(msg)
    if msg:is("BYE") then return (msg.raw:gsub("^(BYE [^ ]*)v%%61lue%%25%%34%%31", "%1valueA")) end
  end })

-- Which Contacts are one. One that should be another is not let in, and one that is the same is said twice.
local function twice(id, name, why, part)
  mutant(id, name, { why = why, on_send = function(msg)
    local list = msg:is("200 REGISTER") and msg:headers("Contact") or {}
    if #list == 1 and list[1]:find(part, 1, true) then return msg:with { headers = { Contact = { list[1], list[1] } } } end
  end })
end
twice("MSG-022", "case_of_hosts", "hosts are compared by case", "alice@AtLanTa.CoM")
twice("MSG-022b", "order_of_headers", "headers are compared in order", "priority=urgent&subject")
twice("IP6-008", "text", "addresses are compared as text", "[2001:db8::1]:5062")
mutant("MSG-N07", "decodes_hosts", { why = "it decodes a host",
  on_receive = function(msg)
    if msg:is("REGISTER") then
      local bytes = msg.raw:gsub("(\nTo: <sip:alice@)%%(%x%x)", function(a, hex) return a .. string.char(tonumber(hex, 16)) end)
      if bytes ~= msg.raw then return bytes end
    end
  end })

-- Addresses of IPv6.
for id, part in pairs {
  ["IP6-002"] = "sip:2001:db8::10 SIP/2.0", ["IP6-003"] = "[2001:db8::10:5070]", ["IP6-004"] = "received=[2001:db8::9:255]",
  ["IP6-005"] = "received=192.0.2.200", ["IP6-006"] = "IN IP6 ::ffff:192.0.2.2", ["IP6-007"] = "[2001:db8::192.0.2.1]",
  ["IP6-010"] = "IN IP6 2001:db8::20", ["IP6-001"] = "REGISTER sip:[2001:db8::10] SIP/2.0",
} do
  deaf(id, "unread", "it cannot read it", about(part))
end
