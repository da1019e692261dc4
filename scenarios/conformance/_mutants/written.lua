-- Devices that write one thing of a message wrong: what the monitor judges in all that is sent. Each does so in one
-- message only, so that nothing else is moved by it.

local seen = {}                         -- in this scenario

-- The bytes of this message, changed by gsub, once.
local function writes(row, name, why, pattern, from, to, also)
  mutant(row, name, { why = why, also = also, on_send = function(msg)
    if msg:is(pattern) then return (msg.raw:gsub(from, to, 1)) end
  end })
end

-- An answer that only one scenario asks for, and that it looks at without minding what is changed here.
local ANSWER = "200 OPTIONS[CSeq.number = 4711]"
writes("MSG-006", "twice", "a parameter stands twice", ANSWER, "\r\nCSeq", "\r\nContact: <sip:dut@192.0.2.1>;q=1;q=1\r\nCSeq")
writes("MSG-013", "wrong", "the length is not that of the body", ANSWER, "Content%-Length: %d+", "Content-Length: 7")
writes("MSG-018", "two_times", "Expires stands twice", ANSWER, "\r\nCSeq", "\r\nExpires: 1\r\nExpires: 1\r\nCSeq")
writes("MSG-019", "bare", "a URI with a parameter stands without its brackets", ANSWER, "\r\nCSeq", "\r\nContact: sip:dut@192.0.2.1?x=1\r\nCSeq")
writes("MSG-N02", "two_blanks", "two blanks stand in the first line", ANSWER, "^SIP/2.0 200 ", "SIP/2.0  200 ")
writes("MSG-015", "small", "its version is sip/2.0", ANSWER, "^SIP/2.0", "sip/2.0")
writes("MSG-012", "chunked", "a body goes in chunks", ANSWER, "\r\nCSeq", "\r\nTransfer-Encoding: chunked\r\nCSeq")
writes("MSG-010b", "no_end", "no empty line ends the headers", ANSWER, "\r\n\r\n.*", "\r\n")
writes("MSG-011", "no_type", "a body has no type", ANSWER, "\r\nContent%-Length: 0\r\n\r\n", "\r\nContent-Length: 2\r\n\r\nhi")
writes("REG-018b", "local_time", "a Date is not that of Greenwich", ANSWER, "\r\nCSeq", "\r\nDate: Sat, 13 Nov 2010 23:29:00 CET\r\nCSeq")
writes("IP6-007b", "three_colons", "an address has three colons", ANSWER, "\r\nCSeq", "\r\nContact: <sip:dut@[2001:db8:::192.0.2.1]>\r\nCSeq")
writes("IP6-004b", "brackets", "received has brackets", ANSWER, "(\r\nVia: [^\r]*)", "%1;received=[2001:db8::9]")
writes("TRP-007", "false_received", "received is not where it came from", ANSWER, "(\r\nVia: [^\r;]*)", "%1;received=192.0.2.9")
writes("UAS-012", "tag_changed", "the To of a call comes back with another tag", "200 BYE[CSeq.number = 4711]", "(\r\nTo: [^\r]*)", "%1x",
  { ["DLG-011"] = "it is that BYE" })

-- The INVITE that follows a 302.
local NEXT = "INVITE[To.uri.user = w]"
local function follows(row, name, why, from, to, also)
  mutant(row, name, { why = why, also = also, on_send = function(msg)
    if msg:is(NEXT) and msg.uri.user == "next" then return (msg.raw:gsub(from, to, 1)) end
  end })
end
follows("MSG-014", "brackets", "the Request-URI has brackets", "^INVITE (%S+)", "INVITE <%1>")
follows("DLG-020", "too_large", "a CSeq is 2^31", "(\r\nCSeq: )%d+", "%12147483648")
follows("MSG-017", "no_forwards", "an INVITE has no Max-Forwards", "\r\nMax%-Forwards: %d+", "")

-- A CANCEL of a call that has rung by way of somebody: as if the dialog counted.
local function cancels(row, name, why, line, also)
  mutant(row, name, { why = why, also = also,
    on_receive = function(msg) if msg:is("180 INVITE[Record-Route]") and #msg.via == 1 then seen.routed = true end end,
    on_send = function(msg) if msg:is("CANCEL") and seen.routed then return (msg.raw:gsub("\r\n", "\r\n" .. line .. "\r\n", 1)) end end })
end
cancels("CAN-003c", "route_of_the_180", "a CANCEL takes the route of the 180", "Route: <sip:192.0.2.9;lr>")
cancels("CAN-003d", "requires", "a CANCEL requires something", "Require: timer")

mutant("MSG-016", "other_method", { why = "the CSeq of an ACK is of another method",
  on_send = function(msg) if msg:is("ACK") and msg.uri.user == "next" then return (msg.raw:gsub("(\r\nCSeq: %d+) ACK", "%1 INVITE")) end end })
local function describes(row, name, why, pattern, offer, from, to, also)
  mutant(row, name, { why = why, also = also,
    on_receive = function(msg) if msg:is("INVITE") and msg.body:find(offer) then seen.offer = true end end,
    on_send = function(msg)
      if seen.offer and msg:is(pattern) and msg.body ~= "" then return msg:with { body = (msg.body:gsub(from, to, 1)) } end
    end })
end
describes("SDP-001", "line_too_many", "its answer has a stream that nobody offered", "1xx|2xx INVITE", "a=xyzzy", "$", "m=video 0 RTP/AVP 31\r\n")
describes("SDP-001b", "other_kind", "its answer has another kind of stream", "1xx|2xx INVITE", "a=xyzzy", "m=audio", "m=video")
describes("SDP-003", "sends_both", "who only sends is sent to, too", "1xx|2xx INVITE", "a=sendonly", "a=recvonly", "a=sendrecv",
  { ["SDP-N01"] = "it is that answer" })
describes("SDP-004", "own_codec", "its answer has a codec that was not offered", "1xx|2xx INVITE", "RTP/AVP 96 101", "(m=audio %d+ RTP/AVP)[^\r]*", "%1 18",
  { ["SDP-004b"] = "it is that answer", ["SDP-N32"] = "it is that answer" })
describes("SDP-N31", "own_time", "its answer has a time of its own", "1xx|2xx INVITE", "m=application 7000", "t=0 0", "t=1 2")
describes("SDP-N02", "no_time", "its answer has no time", "1xx|2xx INVITE", "m=application 7000", "t=0 0\r\n", "")
mutant("SDP-005", "other_session", { why = "a later description is of another session",
  on_send = function(msg) if msg:is("INVITE[To.tag, Route]") and msg.body:find("a=sendonly", 1, true) then
    return msg:with { body = (msg.body:gsub("o=(%S+) %d+", "o=%1 4711", 1)) } end end })
mutant("SDP-005b", "same_version", { why = "what has changed has the version of before",
  on_send = function(msg)
    local first = msg:is("INVITE[!To.tag]") and msg.body:match("o=%S+ %S+ (%d+)")
    seen.version = first or seen.version
    if msg:is("INVITE[To.tag, Route]") and msg.body:find("a=sendonly", 1, true) and seen.version then
      return msg:with { body = (msg.body:gsub("(o=%S+ %S+) %d+", "%1 " .. seen.version, 1)) }
    end
  end })
mutant("SDP-006", "lines_lost", { why = "a later description has fewer streams",
  on_send = function(msg) if msg:is("INVITE[To.tag, Route]") and msg.body:find("a=sendonly", 1, true) then
    return msg:with { body = (msg.body:gsub("m=audio.*", "")) } end end })
mutant("PRK-002", "unasked", { why = "it is reliable to who does not know it",
  on_send = function(msg)
    if msg:is("180 INVITE[CSeq.number = 899, !RSeq]") or msg:is("180 INVITE[From.tag = 88, !RSeq]") then
      return (msg.raw:gsub("\r\nCSeq", "\r\nRSeq: 1\r\nRequire: 100rel\r\nCSeq", 1)) end end,
  also = { ["MAT-005"] = "it rings there" } })
writes("MSG-N08", "half_escaped", "a % in a URI escapes nothing", ANSWER, "\r\nCSeq", "\r\nContact: <sip:du%%zzt@192.0.2.1>\r\nCSeq")
mutant("DLG-025c", "replaces_by_bye", { why = "a BYE replaces a call",
  on_send = function(msg)
    if msg.raw:find("^BYE sip:x@[^ ]*foo=bar") then
      return (msg.raw:gsub("\r\nCSeq", "\r\nReplaces: x@y;to-tag=1;from-tag=2\r\nCSeq", 1))
    end
  end })
writes("DLG-N03", "other_uri", "the From of a BYE is not that of its call", "BYE[CSeq.number = 2, To.uri.user = bob]",
  "(\r\nFrom: [^\r]*)sip:dut@", "%1sip:other@")
writes("STM-005b", "too_brief", "a session of 60 s is granted", '200 INVITE[Session-Expires ~ "^90"]', "(\r\nSession%-Expires: )90", "%160",
  { ["STM-006b"] = "it counts from what was granted" })
mutant("TRP-002b", "says_tcp", { why = "the Via of an ACK says TCP where it goes by UDP",
  on_send = function(msg)
    if msg:is("ACK") and msg.uri.user == "next" then return (msg.raw:gsub("\r\nVia: SIP/2.0/UDP", "\r\nVia: SIP/2.0/TCP")) end
  end })
mutant("REG-N03", "star_alone", { why = "a star goes without Expires: 0",
  on_send = function(msg)
    if msg:is("REGISTER[CSeq.number = 3]") and msg.time > 5 and msg.time < 10 then
      return msg:with { headers = { Contact = "*", Expires = "60" } }
    end
  end,
  also = { ["REG-003"] = "it is that REGISTER" } })
writes("PRK-001c", "not_required", "a reliable response does not require 100rel", "180 INVITE[RSeq]", "\r\nRequire: [^\r]*", "",
  { ["PRK-001b"] = "it seems not to know it" })
mutant("PRK-003", "too_large", { why = "RSeq begins beyond 2^31",
  on_send = function(msg)
    local number = msg:is("1xx INVITE[RSeq]") and msg.rseq
    if number then return (msg.raw:gsub("(\r\nRSeq: )%d+", "%1" .. number + 2147483648)) end
  end,
  on_receive = function(msg)
    local number = msg:is("PRACK[RAck]") and tonumber(msg:header("RAck"):match("^%d+"))
    if number and number > 2147483648 then return (msg.raw:gsub("(\r\nRAck: )%d+", "%1" .. number - 2147483648)) end
  end })
