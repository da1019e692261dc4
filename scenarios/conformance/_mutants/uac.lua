-- A caller that breaks one rule of RFC 3261.
local hooks = require("_mutants/_hooks")

-- What a refused INVITE looked like: its ACK has its branch.
local function refusal_acks(change)
  local branches = {}
  return function(msg, dut)
    if msg:is("INVITE") then branches[msg.via[1].branch] = true end
    if msg:is("ACK") and branches[msg.via[1].branch] then return hooks.asks(change)(msg, dut) end
  end
end

-- All other ACKs are of a 200.
local function accepted_acks(change)
  local branches = {}
  return function(msg, dut)
    if msg:is("INVITE") then branches[msg.via[1].branch] = true end
    if msg:is("ACK") and not branches[msg.via[1].branch] then return hooks.asks(change)(msg, dut) end
  end
end

mutant("CTI-011", "acked_once", {
  why = "copies of a refusal are not acknowledged", on_send = refusal_acks(hooks.once("ACK")),
  also = { ["CTI-011b"] = "a challenge is a refusal", ["CTI-N02"] = "another refusal is acknowledged likewise",
    ["CAN-006"] = "so is a copy of a 487" },
})
mutant("CTI-009", "from_changed", {
  why = "the ACK of a refusal has another From",
  on_send = refusal_acks(hooks.with("ACK", { from_tag = "dut-other" })),
  also = { ["CAN-006"] = "likewise of a 487" },
})
mutant("CTI-009c", "cseq_up", {
  why = "the ACK of a refusal counts on",
  on_send = refusal_acks(function(msg) return msg:with { cseq = msg.cseq.number + 1 } end),
  also = { ["CAN-006"] = "likewise of a 487" },
})
mutant("CTI-001", "capped", {
  why = "timer A is capped at T2",
  agent = { breaks = { "timer-a-capped" } },
  also = { ["CTI-003"] = "it is seen on the way there" },
})
mutant("CAN-003", "cseq_up", {
  why = "a CANCEL has a number of its own",
  on_send = function(msg) if msg:is("CANCEL") then return msg:with { cseq = msg.cseq.number + 1 } end end,
})
mutant("UAC-015", "no_allow", {
  why = "an INVITE has no Allow", on_send = hooks.without("INVITE [!To.tag]", "Allow"),
})
mutant("UAC-015b", "no_supported", {
  why = "an INVITE has no Supported", on_send = hooks.without("INVITE [!To.tag]", "Supported"),
  also = { ["STM-001"] = "it names timer there" },
})
mutant("UAC-018b", "acked_once", {
  why = "copies of a 200 are not acknowledged",
  on_send = accepted_acks(hooks.once("ACK")),
  also = { ["INV-016"] = "the same scenario" },
})
local first = {} -- callee of each call
mutant("UAC-019", "second_kept", {
  why = "the second callee is left on the line",
  on_send = hooks.asks(function(msg)
    if msg:is("ACK") then first[msg.call_id] = first[msg.call_id] or msg.to.tag end
    if msg:is("BYE") and first[msg.call_id] and first[msg.call_id] ~= msg.to.tag then return false end
  end),
  also = { ["DLG-017b"] = "of two callees, too" },
})
-- What a proxy asked for: its other challenges are left alone.
local function credentials(from, to)
  return hooks.gsub('INVITE|ACK [Proxy-Authorization ~ "realm=.example.com"]', "(Authorization: [^\r]*)" .. from, "%1" .. to)
end
mutant("AUT-003", "unquoted", {
  why = "the uri of credentials is not quoted",
  on_send = credentials('uri="([^"]*)"', "uri=%2"),
  also = { ["AUT-009"] = "its INVITE is proved likewise", ["AUT-010"] = "likewise" },
})
mutant("AUT-004b", "no_qop", {
  why = "credentials lack qop", on_send = credentials(", *qop=[^,\r]*", ""),
})
mutant("AUT-005", "nc_from_two", {
  why = "the count of a nonce begins with 2", on_send = credentials("nc=00000001", "nc=00000002"),
})
local kept = {} -- branches
mutant("UAC-014", "cseq_kept", {
  why = "the INVITE with credentials for a proxy has the number of the one without",
  on_send = function(msg)
    local proved = msg:is("INVITE[Proxy-Authorization, CSeq.number = 2]")
    if proved then kept[msg.via[1].branch] = true end
    if proved or msg:is("ACK") and kept[msg.via[1].branch] then return msg:with { cseq = 1 } end
  end,
  on_receive = function(msg)
    if msg:is("1xx|2xx|4xx INVITE[Via]") and kept[msg.via[1].branch] then return msg:with { cseq = 2 } end
  end,
})
