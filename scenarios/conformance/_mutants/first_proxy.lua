-- A proxy that breaks one rule of RFC 3261 §16.
local hooks = require("_mutants/_hooks")

mutant("MAT-007b", "kept", {
  why = "Max-Forwards stays as it is",
  agent = { breaks = { "max-forwards-kept" } },
})
mutant("MAT-007c", "none", {
  why = "who has no Max-Forwards gets none",
  on_send = hooks.without("OPTIONS [Max-Forwards = 70, Via[2]]", "Max-Forwards"),
})
mutant("PRX-006", "lost", {
  why = "it puts no Record-Route in",
  on_send = function(msg)
    if msg:is("INVITE [Via[2]]") then
      local rest = { table.unpack(msg:headers("Record-Route"), 2) }
      return msg:with { headers = { ["Record-Route"] = #rest > 0 and rest or false } }
    end
  end,
  also = { ["PRX-005"] = "requests in the call pass it by" },
})
mutant("PRX-017", "losers_kept", {
  why = "who lost is not cancelled",
  agent = { breaks = { "losers-kept" } },
  also = { ["PRX-017b"] = "nor is who rings behind a 603" },
})
mutant("PRX-014", "first_final", {
  why = "the first refusal wins",
  agent = { breaks = { "first-final" } },
  also = { ["PRX-014c"] = "a 404 that comes first wins", ["PRX-015"] = "the second challenge is not waited for",
    ["AUT-N04"] = "likewise", ["PRX-017b"] = "a 603 is not kept until the others end" },
})
mutant("PRX-014b", "busy", {
  why = "a 302 does not win",
  on_send = hooks.with("302 INVITE", { status = 486 }),
})
local through = {} -- calls that it handed on
mutant("CAN-011", "cancel_unanswered", {
  why = "a CANCEL is handed on and not answered",
  on_send = function(msg)
    if msg:is("INVITE [Via[2]]") then through[msg.call_id] = true end
    if msg:is("200 CANCEL") and through[msg.call_id] then return false end
  end,
  also = { ["PRX-002b"] = "its scenario waits for that 200", ["PRX-018"] = "likewise", ["AUT-011"] = "likewise",
    ["CAN-011b"] = "likewise", ["CAN-011c"] = "likewise" },
})
mutant("PRX-002", "no_unsupported", {
  why = "a 420 does not say of what it is",
  on_send = hooks.without("420", "Unsupported"),
  also = { ["UAS-005"] = "nor does a callee" },
})
mutant("PRX-016", "503_on", { why = "a 503 goes on", on_send = hooks.with("500 MESSAGE", { status = 503 }),
  also = { ["PRX-N06"] = "it waits for a 500" } })
mutant("PRX-026", "404", { why = "a scheme that nobody knows is a 404", on_send = hooks.with("416 MESSAGE", { status = 404 }) })
mutant("PRX-N02", "500", {
  why = "whom nobody knows is a 500", on_send = hooks.with("404|480 MESSAGE", { status = 500 }),
  also = { ["PRX-N06"] = "it waits for a 404", ["CTN-001"] = "likewise", ["MAT-009b"] = "likewise" },
})
mutant("PRX-001", "headers_lost", {
  why = "what it does not know is not handed on", on_send = hooks.without('MESSAGE ["X-Odd"]', "X-Odd") })
