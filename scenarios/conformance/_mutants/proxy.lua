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

-- One MESSAGE of which all is looked at.
local function dated(msg) return msg:is("MESSAGE[Via[2]]") and msg:header("Date") == "the day before yesterday" end
mutant("PRX-009", "body_cut", { why = "a body ends at its first zero", on_send = function(msg)
  if dated(msg) then return msg:with { body = (msg.body:gsub("%z.*", "")) } end
end, also = { ["PRX-001"] = "it is one scenario" } })
mutant("PRX-N01", "date_dropped", { why = "a Date that is none is dropped", on_send = function(msg)
  if dated(msg) then return msg:with { headers = { Date = false } } end
end, also = { ["PRX-009"] = "it is one scenario", ["PRX-001"] = "likewise" } })
mutant("PRX-N07", "odd_dropped", { why = "what it does not know of an answer is dropped",
  on_send = hooks.without('200 OPTIONS ["X-Odd" = kept]', "X-Odd") })
mutant("MAT-007", "404_for_483", { why = "who has come too far is nobody", on_send = hooks.with("483 MESSAGE", { status = 404 }) })
mutant("MAT-006", "merged", { why = "one request by two ways is a 482", on_send = function(msg)
  if msg:is("2xx MESSAGE") and msg.via[1].branch == "z9hG4bKtwo" then return msg:with { status = 482 } end
end })
mutant("PRX-005", "own_route_kept", { why = "its own Route goes on", on_send = function(msg)
  if msg:is("BYE[Via[2], From.uri.user = bob]") then return msg:with { headers = { Route = "<sip:192.0.2.1;lr>" } } end
end, also = { ["PRX-029"] = "it is one scenario" } })
mutant("PRX-006b", "not_here", { why = "its Record-Route is of somebody else", on_send = function(msg)
  local rows = msg:is("INVITE[Via[2]]") and msg:headers("Record-Route") or {}
  if rows[#rows] == "<sip:192.0.2.9;lr>" then
    rows[1] = "<sip:192.0.2.55;lr>"
    return msg:with { headers = { ["Record-Route"] = rows } }
  end
end, also = { ["PRX-006"] = "it is one scenario" } })
mutant("PRX-008", "via_below", { why = "its Via stands below the other", on_send = function(msg)
  local vias = msg:is("OPTIONS[Via[2], Max-Forwards = 69]") and msg:headers("Via") or {}
  if #vias == 2 then return msg:with { headers = { Via = { vias[2], vias[1] } } } end
end, also = { ["PRX-001"] = "another OPTIONS goes through", ["MAT-011"] = "likewise" } })
mutant("CAN-011b", "kept_here", { why = "a CANCEL goes no further", on_send = hooks.silent("CANCEL[To.uri.user = bob, Via, From.uri.user = caller]"),
  also = { ["CAN-011"] = "it is one scenario", ["PRX-018"] = "it waits for that CANCEL", ["PRX-002b"] = "likewise", ["PRX-017"] = "of who lost, too",
    ["PRX-017b"] = "likewise", ["CAN-003b"] = "it is one scenario", ["CAN-012"] = "it waits for that CANCEL",
    ["CAN-011c"] = "likewise" } })

-- What a callee says before the answer, behind a 100 of its own.
local tried = {}
local function behind_100(row, name, why, change)
  mutant(row, name, { why = why,
    on_receive = function(msg) if msg:is('100 INVITE["X-From"]') then tried[msg.call_id] = true end end,
    on_send = function(msg) if msg:is("180 INVITE") and tried[msg.call_id] then return change(msg) end end,
    also = { ["PRX-012"] = "it is one scenario", ["PRX-027"] = "it is one scenario", ["PRX-011"] = "it is one scenario" } })
end
behind_100("PRX-012", "kept", "a 180 goes no further", function() return false end)
behind_100("PRX-027", "own_tag", "a 180 has a To tag of its own", function(msg) return msg:with { to_tag = "dut-own" } end)
mutant("PRX-011", "100_on", { why = "a 100 goes on",
  on_receive = function(msg) if msg:is('100 INVITE["X-From"]') then return msg:with { status = 183 } end end,
  on_send = function(msg) if msg:is('183 INVITE["X-From"]') then return msg:with { status = 100 } end end,
  also = { ["PRX-012"] = "it is one scenario" } })
