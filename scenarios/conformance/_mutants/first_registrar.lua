-- A registrar that breaks one rule of RFC 3261 §10.3, §22.
local hooks = require("_mutants/_hooks")

mutant("REG-018", "no_date", {
  why = "a 200 does not say what time it is", on_send = hooks.without("200 REGISTER", "Date"),
})
mutant("REG-015", "record_route_copied", {
  why = "Record-Route is copied into the 200",
  on_send = function(msg)
    if msg:is("200 REGISTER") then return msg:with { headers = { ["Record-Route"] = "<sip:192.0.2.9;lr>" } } end
  end,
})
mutant("REG-024", "path_lost", { why = "a Path is not given back", on_send = hooks.without("200 REGISTER", "Path") })
mutant("REG-019", "parameters_cut", {
  why = "a Contact loses what nobody knows", on_send = hooks.gsub("200 REGISTER", ";odd=1", ""),
  also = { ["MSG-019b"] = "the same" },
})
local stars = {} -- the REGISTERs that have one
mutant("REG-009", "star_taken", {
  why = "a wrong star is taken",
  on_receive = function(msg)
    for _, contact in ipairs(msg:is("REGISTER") and msg:headers("Contact") or {}) do
      if contact == "*" then stars[msg:header("Call-ID") .. msg:header("CSeq")] = true end
    end
  end,
  on_send = function(msg)
    if msg:is("400 REGISTER") and stars[msg.call_id .. msg:header("CSeq")] then return msg:with { status = 200 } end
  end,
})
mutant("REG-011", "number_back", {
  why = "a number that goes back is taken", on_send = hooks.with("500 REGISTER", { status = 200 }),
  also = { ["REG-010b"] = "it is the same 500", ["REG-012"] = "likewise" },
})
mutant("REG-017b", "other_404", {
  why = "who may not is told that there is nobody", on_send = hooks.with("403 REGISTER", { status = 404 }),
})
mutant("AUT-004", "no_qop", {
  why = "a challenge offers no qop",
  on_send = function(msg) if msg:is("401") then return (msg.raw:gsub(', *qop="[^"]*"', "")) end end,
  also = { ["PRX-015"] = "its challenges are not as they were", ["AUT-022"] = "no qop, no count to be wrong" },
})
