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

-- What it says to a name and a password in the clear.
local clear = {}
local function to_basic(row, name, why, change, also)
  mutant(row, name, { why = why, also = also,
    on_receive = function(msg) if (msg:header("Authorization") or ""):find("^Basic") then clear[msg.call_id] = true end end,
    on_send = function(msg) if msg:is("401 REGISTER") and clear[msg.call_id] then return change(msg) end end })
end
to_basic("AUT-001", "asks_by_basic", "it asks by Basic, too", function(msg)
  return (msg.raw:gsub("\r\nCSeq", '\r\nWWW-Authenticate: Basic realm="x"\r\nCSeq', 1))
end)
to_basic("AUT-002", "asks_nothing", "a 401 does not say for what", function(msg)
  return msg:with { headers = { ["WWW-Authenticate"] = false } }
end)
to_basic("AUT-019c", "qop_bare", "qop of a challenge is not quoted", function(msg) return (msg.raw:gsub('qop="([^",]*)[^"]*"', "qop=%1")) end)
to_basic("AUT-019d", "algorithm_quoted", "algorithm of a challenge is quoted", function(msg)
  return (msg.raw:gsub("algorithm=([%w-]+)", 'algorithm="%1"'))
end)

-- Bindings.
mutant("REG-007", "one_lost", { why = "of two bindings one is not listed",
  on_send = hooks.gsub("200 REGISTER", "\r\nContact: [^\r]*;q=0%.8[^\r]*", ""), also = { ["MSG-001"] = "it has that rank, too" } })
mutant("REG-008", "header_wins", { why = "the time of a Contact is that of Expires",
  on_send = hooks.gsub("200 REGISTER", "expires=300", "expires=900") })
mutant("REG-017", "anybody", { why = "who is somebody may register somebody else", on_send = hooks.with("403 REGISTER", { status = 200 }),
  also = { ["REG-017b"] = "it is one scenario" } })
mutant("MSG-019b", "of_the_uri", { why = "a parameter behind a Contact goes into it",
  on_send = hooks.gsub("200 REGISTER", ";odd=1>", ">;odd=1"), also = { ["REG-019"] = "it is one scenario" } })
mutant("MSG-021b", "zero_ends", { why = "a user ends at its first zero",
  on_send = hooks.gsub("200 REGISTER", "%%00@", "@"), also = { ["TOR-escnull"] = "it is one scenario" } })
local filled = {}
mutant("REG-010", "star_nothing", { why = "the star takes nothing away",
  on_receive = function(msg)
    local contacts = msg:is("REGISTER[Contact, To, Call-ID]") and msg:headers("Contact") or {}
    if #contacts == 2 and contacts[1] ~= "*" and not msg.raw:find("q=0", 1, true) and not msg:header("Expires") then filled.it = true end
    if contacts[1] == "*" and #contacts == 1 and filled.it and msg:header("Expires") == "0" then
      return msg:with { headers = { Contact = false } }
    end
  end })
