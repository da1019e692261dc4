-- A callee that breaks one rule of RFC 3261.
local hooks = require("_mutants/_hooks")

-- CANCEL: of a call that has come by UDP, rings, and is cancelled at once. What else is cancelled is left alone.
local came = {}
local function plain(msg)
  if msg:is("INVITE[Call-ID, !To.tag]") then came[msg.call_id] = msg.time end
end
local function cancelled(msg)
  local since = came[msg.call_id]
  return since and msg.time - since < 0.003 and msg.from.uri.user == "w" and msg.via[1].transport == "UDP"
end
for _, row in ipairs { "STI-014", "CAN-008" } do mutant(row, "cancel_481", {
  why = "a CANCEL never finds its INVITE",
  on_send = function(msg)
    if msg:is("200 CANCEL") and cancelled(msg) then return msg:with { status = 481 } end
  end,
  on_receive = plain,
  also = {
    ["CAN-008b"] = "its scenario waits for both answers",
    ["UAS-006"] = "likewise",
    ["MAT-005"] = "one that rings is cancelled in the end",
    ["STI-001"] = "likewise",
  },
}) end
local silent = {}
mutant("STI-014b", "no_487", {
  why = "a cancelled INVITE is left without its 487",
  on_send = function(msg)
    if not msg:is("487 INVITE") then return end
    silent[msg.call_id] = silent[msg.call_id] or cancelled(msg) -- and its copies
    if silent[msg.call_id] then return false end
  end,
  on_receive = plain,
  also = { ["UAS-006"] = "its scenario waits for the 487", ["DLG-N08"] = "a BYE is to end the INVITE likewise",
    ["MAT-005"] = "one that rings is cancelled in the end" },
})
mutant("CAN-008c", "two_tags", {
  why = "the 200 of a CANCEL has a To tag of its own",
  on_send = hooks.own(hooks.with("200 CANCEL", { to_tag = "dut-other" })),
})
mutant("CAN-007", "answered", {
  why = "a CANCEL of nothing is answered 200",
  on_send = hooks.with("481 CANCEL", { status = 200 }),
})
mutant("UAS-006", "cancel_420", {
  why = "Require in a CANCEL is answered 420",
  on_send = hooks.with("200 CANCEL", { status = 200 }),
  on_receive = hooks.silent("CANCEL [Require]"),
  also = { ["PRX-002b"] = "its CANCEL has Require, too" },
})

-- Responses outside of a dialog
mutant("UAS-010", "via_lost", {
  why = "a response has the first Via alone",
  on_send = function(msg)
    if msg:is("200 OPTIONS") and #msg.via > 1 then
      return msg:with { headers = { Via = msg:headers("Via")[1] } }
    end
  end,
  also = { ["TOR-transports"] = "it has five" },
})
mutant("UAS-010b", "no_tag", {
  why = "the answer of OPTIONS has no To tag",
  on_send = hooks.own(hooks.gsub("200 OPTIONS", "(To: [^\r]*);tag=[^\r]*", "%1")),
  also = { ["UAS-012"] = "in a call it is another To" },
})
mutant("UAS-001", "no_allow", {
  why = "a 405 does not say what is allowed",
  on_send = hooks.with("405|501", { status = 405, headers = { Allow = false } }),
})
mutant("UAS-005", "no_unsupported", {
  why = "a 420 does not say of what it is",
  on_send = hooks.without("420", "Unsupported"),
  also = { ["PRX-002"] = "nor does a proxy" },
})
mutant("UAS-005", "taken", {
  why = "Require is of no interest",
  on_receive = hooks.without("* [Require = nothingSupportsThis]", "Require"),
  also = { ["UAS-006b"] = "its ACK is that of a 420" },
})
mutant("UAS-007", "no_accept", {
  why = "a 415 does not say what is understood",
  on_send = hooks.without("415", "Accept"),
})
mutant("UAS-007b", "no_accept_encoding", {
  why = "a 415 does not say which encodings are understood",
  on_send = hooks.without("415", "Accept-Encoding"),
})
mutant("INV-014", "busy", {
  why = "an offer of which nothing fits is a 486",
  on_send = hooks.with("488", { status = 486 }),
})
mutant("DLG-012", "bye_200", {
  why = "a BYE of no dialog is answered 200",
  on_send = hooks.with("481 BYE [To.tag = nobody]", { status = 200 }),
  also = { ["DLG-021"] = "that is what it says", ["MSG-N11"] = "it looks at that 481" },
})
mutant("MAT-005", "taken_twice", {
  why = "one request by two ways is taken twice",
  on_send = hooks.with("482 INVITE", { status = 200 }),
})
mutant("MAT-N01", "hops_483", {
  why = "Max-Forwards 0 is refused by who is the last hop",
  on_send = hooks.own(hooks.with("200 OPTIONS", {})),
  on_receive = hooks.silent("OPTIONS [Max-Forwards = 0]"),
  also = { ["TOR-zeromf"] = "the same" },
})
mutant("OPT-001", "no_allow", {
  why = "OPTIONS are answered without Allow",
  on_send = hooks.without("200 OPTIONS", "Allow"),
})
mutant("TRP-006", "no_received", {
  why = "where it came from is not said in the Via",
  on_send = hooks.gsub("*", ";received=[%d.]+", ""),
  also = { ["TRP-009b"] = "with rport it is said likewise" },
})
mutant("TRP-009", "no_rport", {
  why = "rport stays empty",
  on_send = hooks.gsub("*", ";rport=%d+", ";rport"),
})

-- Calls
mutant("UAS-N05", "no_supported", {
  why = "the 200 does not say which extensions there are",
  on_send = hooks.own(hooks.without("200 INVITE", "Supported")),
})
mutant("UAS-011", "tag_changes", {
  why = "when it is said again, the 180 has another To tag",
  on_send = (function()
    local rung = {}
    return hooks.own(function(msg)
      if not msg:is("180 INVITE") then return end
      if rung[msg.call_id] then return msg:with { to_tag = "dut-again" } end
      rung[msg.call_id] = true
    end)
  end)(),
  also = { ["MAT-002"] = "what is known again has the tag of before", ["UAS-019"] = "so has what rings on" },
})
mutant("INV-001", "capped", {
  why = "the second copy of a 200 comes too late: it is left out",
  on_send = (function()
    local count = {}
    return hooks.own(function(msg)
      if not msg:is("200 INVITE") then return end
      count[msg.call_id] = (count[msg.call_id] or 0) + 1
      if count[msg.call_id] == 3 then return false end
    end)
  end)(),
  also = { ["INV-001b"] = "over TCP, too" },
})
mutant("INV-002", "no_bye", {
  why = "a call that is never acknowledged stays up",
  on_send = (function()
    return function(msg, dut) if msg:is("BYE") and msg.cseq.number == 1 and msg.time > 31 then return false end end
  end)(),
  also = { ["STM-007"] = "so does one whose session runs out" },
})
mutant("STI-004", "once", {
  why = "a refusal is said once",
  on_send = hooks.own(hooks.once("4xx|6xx INVITE")),
  also = { ["CAN-009b"] = "a CANCEL behind it changes nothing", ["STI-006"] = "it is said again there", ["STI-007"] = "likewise",
    ["STI-013"] = "likewise", ["MAT-002b"] = "likewise" },
})
local refused = {}
mutant("STI-008", "deaf", {
  why = "the ACK of a refusal is not heard",
  on_send = hooks.own(function(msg) if msg:is("4xx|6xx INVITE") then refused[msg.call_id .. msg.cseq.number] = true end end),
  on_receive = function(msg) if msg:is("ACK[Call-ID, CSeq]") and refused[msg.call_id .. msg.cseq.number] then return false end end,
  also = { ["STI-013"] = "the right ACK ends its copies", ["MAT-002b"] = "likewise", ["UAS-006b"] = "likewise" },
})
mutant("DLG-010", "taken", {
  why = "a number that goes back is taken",
  on_send = hooks.own(hooks.with("500 BYE", { status = 200 })),
  also = { ["DLG-011b"] = "what was skipped is not made up for" },
})
mutant("DLG-001", "routes_lost", {
  why = "the 200 has no Record-Route",
  on_send = hooks.own(hooks.without("200 INVITE", "Record-Route")),
})
mutant("TRP-009b", "no_received", {
  why = "where it comes back by rport, it is not said where it came from",
  on_send = function(msg)
    if msg:is("200 OPTIONS") and msg.raw:find(";rport=%d") then return (msg.raw:gsub(";received=[%d.]+", "")) end
  end,
  also = { ["TRP-012"] = "its answer says where it came from, too" },
})
