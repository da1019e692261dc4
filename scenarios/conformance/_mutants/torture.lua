-- Devices that break on one of the torture messages each. Those of RFC 4475 are known by their Call-IDs.

-- Whether it is that message, or an answer to it.
local function is(name)
  local start, branch = "^" .. name .. "%.", "Kkdj." .. name
  return function(msg) return (msg.call_id or ""):find(start) ~= nil or msg.raw:find(branch, 1, true) ~= nil end
end

local function about(part) return function(msg) return msg.raw:find(part, 1, true) ~= nil end end

local function deaf(id, name, why, mine, also)
  mutant(id, name, { why = why, also = also, on_receive = function(msg) if mine(msg) then return false end end })
end

local function says(id, name, why, mine, status, also)
  mutant(id, name, { why = why, also = also, on_send = function(msg)
    if msg.status and msg.status > 100 and mine(msg) then return msg:with { status = status } end
  end })
end

-- RFC 4475 §3.1.1, §3.3, §3.4: what is right is taken for wrong.
for _, name in ipairs { "wsinv", "intmeth", "esc01", "lwsdisp", "longreq", "dblreq", "semiuri", "transports",
  "baddate", "zeromf", "inv2543", "regaut01" } do
  says("TOR-" .. name, "is_400", "it takes it for malformed", is(name), 400)
end

says("TOR-mpart01", "is_400", "it takes it for malformed", about("sip:kumiko@"), 400)
deaf("TOR-badbranch", "unread", "it cannot read it", is("badbranch"))

-- §3.1.2, §3.3: what is wrong, or nobody can do, is taken for right.
for _, name in ipairs { "badinv01", "clerr", "ncl", "quotbal", "ltgtruri", "lwsruri", "lwsstart", "trws", "escruri", "badaspec",
  "baddn", "badvers", "mismatch01", "mismatch02", "insuf", "unkscm", "novelsc", "bext01", "invut", "multi01", "mcl01",
  "sdp01", "esc02", "unksm2", "scalar02" } do
  local status = (name == "unkscm" or name == "novelsc") and 200 or 603
  says("TOR-" .. name, "is_no_400", "it says something else", is(name), status)
end

-- §3.1.1.12, §3.1.1.13, §3.1.2.5, §3.1.2.19, §3.3.10: responses.
deaf("TOR-unreason", "phrase", "it drops a 200 that does not say OK", about("= 2**3"))
deaf("TOR-noreason", "phrase", "it drops a 100 that says nothing", about("SIP/2.0 100 \r\n"))
for name, part in pairs { bigcode = "better not break", scalarlg = 'overture "In Progress"', bcast = "255.255.255.255" } do
  mutant("TOR-" .. name, "taken", { why = "it takes it for a 486",
    on_receive = function(msg)
      if not msg.raw:find(part, 1, true) then return end
      local bytes = msg.raw:gsub("^[^\r]*", "SIP/2.0 486 Busy Here"):gsub("\nVia:[^\r]*255%.255[^\r]*\r", "")
      return (bytes:gsub("CSeq: %d+", "CSeq: 1"))
    end })
end

-- §3.1.1.4, §3.1.2.13, §3.3.12 to §3.3.14: Contacts.
local function contacts(id, name, why, change)
  mutant(id, name, { why = why, on_send = function(msg)
    if not msg:is("200 REGISTER") then return end
    local bytes = msg.raw:gsub("\n(Contact: )([^\r]*)", function(field, value) return "\n" .. field .. change(value) end)
    if bytes ~= msg.raw then return bytes end
  end })
end
contacts("TOR-escnull", "zero_ends", "a user ends at its first zero", function(value) return (value:gsub("%%00@", "@")) end)
contacts("TOR-cparam01", "of_the_uri", "a parameter of the Contact goes into the URI",
  function(value) return (value:gsub("^<(sip:%+1[^;>]*)>(.*)$", "<%1;unknownparam>%2")) end)
contacts("TOR-cparam02", "lost", "a parameter of the URI is lost", function(value) return (value:gsub(";unknownparam", "")) end)
contacts("TOR-regescrt", "lost", "a header of the URI is lost", function(value) return (value:gsub("(user@example%.com)%?Route=[^>]*", "%1")) end)
mutant("TOR-regbadct", "is_500", { why = "it breaks on a header in a bare URI",
  on_receive = function(msg) if msg.raw:find("\nContact: sip:user@example.com?Route", 1, true) then return false end end })

-- RFC 5118 §4.
for name, part in pairs {
  ["ipv6-good"] = "REGISTER sip:[2001:db8::10] SIP/2.0\r\nTo: sip:user@example.com\r\nFrom: sip:user@example.com;tag=81x2\r\nVia: SIP/2.0/UDP [2001:db8::9:1]:",
  ["ipv6-bad"] = "sip:2001:db8::10 SIP/2.0", ["port-ambiguous"] = "[2001:db8::10:5070]",
  ["port-unambiguous"] = "[2001:db8::10]:5070", ["via-received-param-with-delim"] = "received=[2001:db8::9:255]",
  ["via-received-param-no-delim"] = "received=2001:db8::9:255", ["ipv6-bug-abnf-3-colons"] = "[2001:db8:::192.0.2.1]",
  ["ipv6-correct-abnf-2-colons"] = "[2001:db8::192.0.2.1]", ["ipv6-in-sdp"] = "IN IP6 2001:db8::20",
  ["mult-ip-in-sdp"] = "o=bob 280744730", ["ipv4-mapped-ipv6"] = "IN IP6 ::ffff:192.0.2.2",
  ["mult-ip-in-header"] = "received=192.0.2.200",
} do
  deaf("TOR-" .. name, "unread", "it cannot read it", about(part))
end
