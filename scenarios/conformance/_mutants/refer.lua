-- Devices that break one rule of REFER: RFC 3515, 3892, 4488, 5589, 7647.

local state = {}                        -- of one scenario

-- A NOTIFY of a REFER: of the beginning, or of the end.
local function begins(msg) return msg:is("NOTIFY") and msg.body:match("^SIP/2.0 100") ~= nil end
local function ends(msg)
  return msg:is("NOTIFY") and (msg:header("Subscription-State") or ""):match("^terminated") ~= nil
    and msg.body:match("^SIP/2.0") ~= nil
end
local function with(is, change)
  return function(msg) if is(msg) then return msg:with(change) end end
end
local function without(is) return function(msg) if is(msg) then return false end end end
local function of(pattern) return function(msg) return msg:is(pattern) end end

-- What turns red with it: the monitor looks at each REFER and its NOTIFYs; or who waits for the message that is wrong.
local function also(why, ...)
  local rows = {}
  for _, row in ipairs { ... } do rows[row] = why end
  return rows
end
local followed = { "REF-002", "REF-002b", "REF-003", "REF-003b", "REF-003c", "REF-004", "REF-005", "REF-005b", "REF-006",
  "REF-014", "REF-015", "REF-015b", "REF-016", "REF-016b", "REF-N01" }
local seen = "the monitor sees it there, too"

mutant("REF-001", "declined", {
  why = "a REFER without a right Refer-To is declined, not called wrong",
  on_send = with(of("400 REFER"), { status = 603, reason = "Decline" }),
})

mutant("REF-002", "answers_202", {
  why = "a REFER is accepted as it was in 2003",
  on_send = with(of("200 REFER"), { status = 202, reason = "Accepted" }),
})

mutant("REF-002b", "asks_a_person", {
  why = "a REFER has no final response while nobody presses a key",
  on_send = without(of("2xx REFER")),
  also = also("it waits for that response, too", "REF-015", "REF-N01", "REF-012", "REF-012b", "REF-016b"),
})

mutant("REF-003", "nothing_at_once", {
  why = "it is silent until there is something to tell",
  on_send = without(begins),
  also = also("it waits for that NOTIFY, too", "REF-006", "REF-N02"),
})

mutant("REF-003b", "event_of_its_own", {
  why = "what it tells of a REFER is an event x-refer",
  on_send = with(begins, { headers = { Event = "x-refer" } }),
  also = also("it waits for that NOTIFY, too", "REF-006", "REF-N02"),
})

mutant("REF-003c", "plain_text", {
  why = "a sipfrag goes by the name of text/plain",
  on_send = with(begins, { headers = { ["Content-Type"] = "text/plain" } }),
  also = also(seen, "REF-N02", table.unpack(followed)),
})

mutant("REF-004", "bare_number", {
  why = "a sipfrag is a number and a phrase, with no version before it",
  on_send = with(begins, { body = "100 Trying\r\n" }),
  also = also(seen, "REF-N02", table.unpack(followed)),
})

mutant("REF-005", "no_reason", {
  why = "the last NOTIFY does not say why it is the last",
  on_send = with(ends, { headers = { ["Subscription-State"] = "terminated" } }),
  also = also(seen, table.unpack(followed)),
})

mutant("REF-005b", "always_success", {
  why = "it says 200 whatever came of it",
  on_send = function(msg)
    if ends(msg) and msg.body:match("^SIP/2.0 [3-6]") then return msg:with { body = "SIP/2.0 200 OK\r\n" } end
  end,
})

mutant("REF-006", "no_id", {
  why = "NOTIFYs of the second REFER cannot be told from those of the first",
  on_send = function(msg)
    if msg:is("NOTIFY") and (msg:header("Event") or ""):match("^refer *;") then
      return msg:with { headers = { Event = "refer" } }
    end
  end,
})

mutant("REF-007", "too_early", {
  why = "a NOTIFY that overtakes the 200 is of nothing that it knows",
  on_send = function(msg)
    if msg:is("REFER") then state.asked = true end
    if msg:is("200 NOTIFY") and state.asked and not state.accepted then return msg:with { status = 481 } end
  end,
  on_receive = function(msg) if msg:is("2xx REFER") then state.accepted = true end end,
})

mutant("REF-008", "watched_by_all", {
  why = "SUBSCRIBE to the event refer is an unknown event",
  on_send = with(of("403 SUBSCRIBE"), { status = 489, reason = "Bad Event" }),
})

mutant("REF-009", "any_scheme", {
  why = "it accepts what it cannot reach",
  on_send = with(of("603 REFER"), { status = 200, reason = "OK" }),
})

mutant("REF-010", "two_targets", {
  why = "it refers to two places at once",
  on_send = function(msg)
    if msg:is("REFER") then
      return msg:with { headers = { ["Refer-To"] = { msg:header("Refer-To"), "<sip:eve@192.0.2.8>" } } }
    end
  end,
  also = also(seen, "REF-007", "REF-013"),
})

mutant("REF-010b", "no_contact", {
  why = "a REFER does not say where its sender is",
  on_send = with(of("REFER"), { headers = { Contact = false } }),
  also = also(seen, "REF-007", "REF-013"),
})

mutant("REF-011", "tells_what_it_refused", {
  why = "it tells of what it has refused to do",
  on_receive = function(msg)
    if msg:is("REFER") and (msg:header("Refer-To") or ""):match("^<?telnet") then
      state.refused = true
      return msg:with { headers = { ["Refer-To"] = "<sip:nobody@192.0.2.8>" } }
    end
  end,
  on_send = function(msg) if msg:is("200 REFER") and state.refused then return msg:with { status = 603 } end end,
})

mutant("REF-012", "tells_all_the_same", {
  why = "it says Refer-Sub: false, and tells",
  on_receive = function(msg)
    if msg:is("REFER") and msg:header("Refer-Sub") then
      state.unwanted = true
      return msg:with { headers = { ["Refer-Sub"] = false } }
    end
  end,
  on_send = function(msg)
    if msg:is("200 REFER") and state.unwanted then return msg:with { headers = { ["Refer-Sub"] = "false" } } end
  end,
})

mutant("REF-012b", "says_nothing_of_it", {
  why = "it does not say Refer-Sub, and does not tell",
  on_send = with(of("200 REFER"), { headers = { ["Refer-Sub"] = false } }),
})

mutant("REF-013", "waits_for_200", {
  why = "after a 202 it knows nothing of a NOTIFY",
  on_receive = function(msg) if msg:is("202 REFER") then state.asked = true end end,
  on_send = function(msg) if msg:is("200 NOTIFY") and state.asked then return msg:with { status = 481 } end end,
})

mutant("REF-014", "rewritten", {
  why = "it drops the parameters of Referred-By that it does not know",
  on_send = function(msg)
    local by = msg:is("INVITE") and msg:header("Referred-By")
    if by then return msg:with { headers = { ["Referred-By"] = (by:gsub(">.*", ">")) } } end
  end,
})

mutant("REF-015", "method_in_uri", {
  why = "the method stays in the Request-URI",
  on_send = function(msg)
    if msg:is("OPTIONS") and not msg.to.tag then return msg:with { uri = tostring(msg.uri) .. ";method=" .. msg.method } end
  end,
})

mutant("REF-015b", "headers_dropped", {
  why = "the headers of the URI are forgotten",
  on_send = with(of("INVITE"), { headers = { Subject = false, Replaces = false } }),
})

mutant("REF-016", "forgets_the_old_call", {
  why = "once the transfer has come about, the call that it came from is not known any more",
  on_send = function(msg)
    if ends(msg) then state.done = true end
    if state.done and msg:is("200 OPTIONS") then return msg:with { status = 481 } end
  end,
})

mutant("REF-016b", "bye_ends_all", {
  why = "when the call ends, what it was transferred for is given up",
  on_receive = function(msg)
    state.referred = state.referred or msg:is("REFER")
    if msg:is("BYE") and state.referred then state.over = true end
  end,
  on_send = function(msg) if ends(msg) then state.done = true end
    if state.over and not state.done and msg:is("200 BYE") then return msg:with { status = 481 } end end,
})

mutant("REF-N01", "in_calls_only", {
  why = "it refuses a REFER that is in no dialog",
  on_send = function(msg) if msg:is("200 REFER") and state.apart then return msg:with { status = 481 } end end,
  on_receive = function(msg) if msg:is("REFER[Target-Dialog]") then state.apart = true end end,
})

mutant("REF-N02", "gives_up_with_it", {
  why = "when nobody wants to be told any more it does not want to know either",
  on_receive = function(msg)
    if msg:is("SUBSCRIBE[Event ~ refer]") and msg:header("To"):match("tag=") then state.unwatched = true end
    if state.unwatched and msg:is("2xx INVITE") then return false end
  end,
})
