-- Devices that call, register or prove who they are, and break one rule each: RFC 3261 §8.1, §10.2, §17.1, §18.1, §22.
local hooks = require("_mutants/_hooks")

local seen = {}                         -- in this scenario

-- Proofs of a proxy's realm, and the ACK that has them, too.
local function credentials(row, name, why, from, to, also)
  mutant(row, name, { why = why, also = also,
    on_send = hooks.gsub('INVITE|ACK [Proxy-Authorization ~ "realm=.example.com"]', "(Authorization: [^\r]*)" .. from, "%1" .. to) })
end
credentials("AUT-005b", "short_count", "the count of a nonce has one digit", "nc=00000001", "nc=1",
  { ["AUT-005"] = "it waits for that count", ["AUT-009"] = "its INVITE has it", ["AUT-010"] = "likewise" })
credentials("AUT-019", "cnonce_bare", "cnonce is not quoted", 'cnonce="([^"]*)"', "cnonce=%2",
  { ["AUT-009"] = "its INVITE has it", ["AUT-010"] = "likewise", ["AUT-005"] = "likewise" })
credentials("AUT-019b", "qop_quoted", "qop is quoted", "qop=auth", 'qop="auth"',
  { ["AUT-009"] = "its INVITE has it", ["AUT-010"] = "likewise", ["AUT-005"] = "likewise" })
mutant("AUT-010", "ack_bare", { why = "the ACK of a 200 has no credentials",
  on_send = function(msg) if msg:is("ACK[Authorization]") then return msg:with { headers = { Authorization = false } } end end })
mutant("AUT-003b", "own_uri", { why = "the uri of credentials is that of To",
  on_send = hooks.gsub('INVITE [Authorization ~ "opaque=.x"]', 'uri="[^"]*"', 'uri="sip:elsewhere@192.0.2.1"'),
  also = { ["AUT-020"] = "it has that opaque, too" } })
mutant("AUT-014", "capitals", { why = "the digits of SHA-256 are capitals",
  on_send = function(msg)
    if msg:is('INVITE [Authorization ~ "SHA-256[^-]*$"]') then
      return (msg.raw:gsub('response="(%x+)"', function(digits) return 'response="' .. digits:upper() .. '"' end))
    end
  end })
mutant("AUT-016", "no_realm", { why = "of two realms none is answered", on_receive = function(msg)
  if msg:is("407 INVITE") and #msg.via == 1 and #msg:headers("Proxy-Authenticate") == 2 then
    return msg:with { headers = { ["Proxy-Authenticate"] = false } }
  end
end })

-- What is sent again, and what is not.
mutant("UAC-011", "other_call", { why = "what is proved has another From", also = { ["UAC-014"] = "it is that INVITE" },
  on_send = function(msg)
    if msg:is('INVITE [Proxy-Authorization ~ "realm=.example.com"]') then return msg:with { from_tag = "dut-other" } end
  end })
mutant("CAN-006", "ack_other_tag", { why = "the ACK of a 487 has no To tag",
  on_receive = function(msg) if msg:is("487 INVITE") and #msg.via == 1 then seen[msg.call_id] = true end end,
  on_send = function(msg)
    if msg:is("ACK") and seen[msg.call_id] and msg.via[1].transport == "UDP" then
      return (msg.raw:gsub("(\r\nTo: [^\r;]*);tag=[^\r]*", "%1"))
    end
  end, also = { ["CAN-N01"] = "it is cancelled there", ["CAN-006b"] = "it is that ACK", ["TRP-N04"] = "it is cancelled there",
    ["DLG-N11"] = "it is cancelled there" } })
mutant("CAN-006b", "other_branch", { why = "the ACK of a 487 has a branch of its own",
  on_receive = function(msg) if msg:is("487 INVITE") and #msg.via == 1 then seen[msg.call_id] = true end end,
  on_send = function(msg)
    if msg:is("ACK") and seen[msg.call_id] and msg.via[1].transport == "UDP" and msg.time < 1 then
      return msg:with { branch = "z9hG4bKdut-other" }
    end
  end, also = { ["CAN-N01"] = "it is cancelled there", ["CAN-006"] = "it is that ACK", ["TRP-N04"] = "it is cancelled there",
    ["DLG-N11"] = "it is cancelled there" } })
mutant("CAN-005b", "dropped", { why = "a 200 that crosses its CANCEL is forgotten",
  on_send = function(msg)
    if msg:is("CANCEL") then seen.cancelled = msg.call_id end
    if msg:is("ACK") and seen.cancelled == msg.call_id and seen.ok then return false end
  end,
  on_receive = function(msg) if msg:is("200 INVITE") and seen.cancelled == msg.call_id then seen.ok = true end end,
  also = { ["CAN-005"] = "it is one scenario" } })
mutant("REG-001", "user_in_uri", { why = "the Request-URI of a REGISTER has a user",
  on_send = function(msg)
    if msg:is("REGISTER[CSeq.number = 3]") and msg.raw:find("xpires[:=] ?0") then return (msg.raw:gsub("^REGISTER sip:", "REGISTER sip:dut@")) end
  end })
mutant("REG-002", "jumps", { why = "the REGISTER that takes it back counts on by two",
  on_send = function(msg)
    if msg:is("REGISTER[CSeq.number = 3]") and msg.raw:find("xpires[:=] ?0") then
      seen[msg.via[1].branch] = true
      return msg:with { cseq = 4 }
    end
  end,
  on_receive = function(msg)
    if msg:is("2xx|4xx REGISTER") and seen[msg.via[1].branch] then return msg:with { cseq = 3 } end
  end })
mutant("REG-005", "at_once", { why = "who does not answer is asked anew",
  on_send = function(msg)
    if msg:is("REGISTER") and msg.time > 27 and msg.time < 33 and msg.cseq.number == 1 then return msg:with { branch = "z9hG4bKdut-anew" } end
  end })

-- The one INVITE of which all is looked at.
local function invites(row, name, why, change)
  mutant(row, name, { why = why, on_send = function(msg)
    if msg:is("INVITE") and msg.uri.user == "somebody" then return change(msg) end
  end })
end
local function gsub(from, to) return function(msg) return (msg.raw:gsub(from, to, 1)) end end
invites("UAC-001", "to_elsewhere", "its To names somebody else", gsub("(\r\nTo: [^\r]*)sip:somebody@", "%1sip:else@"))
invites("UAC-002", "tag_of_nobody", "an INVITE outside of a call has a To tag", gsub("(\r\nTo: [^\r]*)", "%1;tag=x"))
invites("UAC-003", "no_tag", "an INVITE has no From tag", gsub("(\r\nFrom: [^\r]*);tag=[^\r]*", "%1"))
invites("UAC-005", "two_contacts", "an INVITE has two Contacts", gsub("(\r\nContact: [^\r]*)", "%1, <sip:dut@192.0.2.8>"))
invites("MAT-003", "old_branch", "its branch is as in RFC 2543", gsub("branch=z9hG4bK", "branch="))
invites("MAT-008", "71", "its Max-Forwards begins at 71", gsub("Max%-Forwards: 70", "Max-Forwards: 71"))

-- What it hears of what it asked, and whom it asks.
local function deaf(row, name, why, mine, also)
  mutant(row, name, { why = why, also = also, on_receive = function(msg) if mine(msg) then return false end end })
end
deaf("TRP-N03", "not_with_rport", "what comes back by rport is not heard", function(msg)
  return msg:is("180 INVITE") and msg.raw:find(";received=[^\r]*;rport=") ~= nil
end, { ["TRP-011"] = "it is one scenario" })
deaf("TRP-N02", "not_by_tcp", "what comes back by its own connection is not heard", function(msg)
  return msg:is("486 INVITE") and msg.transport == "tcp" and #msg.via == 1 and msg.time < 0.5
end, { ["TRP-018"] = "it is one scenario", ["TRP-022b"] = "it is refused by TCP, too", ["CTI-008"] = "likewise", ["CTI-008b"] = "likewise",
  ["CTI-013"] = "likewise", ["TRP-005b"] = "likewise", ["TRP-028"] = "likewise", ["TRP-N05"] = "likewise" })
for _, row in ipairs { "TRP-028b", "TRP-028c" } do
  mutant(row, "port_not_found", { why = "a domain with a port is found nowhere",
    on_send = function(msg)
      if msg:is("INVITE") and msg.uri.port and not msg.uri.host:find("^[%d.]+$")
        and not msg.raw:find("^INVITE [^ ]*transport=") then return false end
    end })
end
mutant("PRK-011b", "acks_copies", { why = "a copy of a reliable response is acknowledged once more", on_receive = function(msg)
  if not msg:is("183 INVITE[RSeq = 5]") then return end
  seen.copies = (seen.copies or 4) + 1
  return (msg.raw:gsub("(\r\nRSeq: )%d+", "%1" .. seen.copies))
end, also = { ["PRK-011"] = "it is one scenario" } })
mutant("STM-006", "late", { why = "a caller who is to refresh does not",
  on_receive = function(msg) if msg:is('200 INVITE[Session-Expires ~ "refresher=uac"]') then seen.session = true end end,
  on_send = function(msg) if seen.session and (msg:is("INVITE[To.tag]") or msg:is("UPDATE")) then return false end end,
  also = { ["STM-006c"] = "there is no refresh", ["STM-N02"] = "there is no refresh", ["STM-N03"] = "there is no refresh",
    ["STM-N06"] = "there is no refresh", ["SDP-005c"] = "there is no refresh" } })
