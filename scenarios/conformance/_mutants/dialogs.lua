-- Devices that break one rule of dialogs, calls, CANCEL each: RFC 3261 §8.1.3, §9, §12 to §15, RFC 3891.

local seen = {}                         -- in this scenario

-- The bytes of a message without this header; with another value; with another Request-URI, or status line.
local function without(msg, name) return (msg.raw:gsub("\r\n" .. name .. ":[^\r]*", "")) end
local function put(msg, name, value) return (msg.raw:gsub("(\r\n" .. name .. ":)[^\r]*", "%1 " .. value, 1)) end
local function to_uri(msg, uri) return (msg.raw:gsub("^(%S+) %S+", "%1 " .. uri, 1)) end
local function says(msg, line) return (msg.raw:gsub("^[^\r]*", "SIP/2.0 " .. line, 1)) end
local function has(msg, pattern) return msg.raw:find(pattern) ~= nil end
local function again(msg) return msg.method == "INVITE" and msg.to ~= nil and msg.to.tag ~= nil end
local function mine(msg) return (msg.to.tag or ""):find("^dut") ~= nil end -- of a response: not handed on

-- What it sends of this pattern is something else, once `when` was seen to come.
local function sends(pattern, change, when)
  return {
    on_send = function(msg)
      if msg:is(pattern) and (not when or seen.it) then return change(msg) end
    end,
    on_receive = when and function(msg) if when(msg) then seen.it = true end end or nil,
  }
end
local function gets(pattern, change)
  return { on_receive = function(msg) if msg:is(pattern) then return change(msg) end end }
end
local function lost() return false end
local function line(text) return function(msg) return says(msg, text) end end

local function breaks(row, name, why, how, also)
  how.why, how.also = why, also
  mutant(row, name, how)
end

-- The route of a dialog.
local function is_here(msg) return has(msg, "^BYE sip:here@[^ ]*;x=1") and msg.route ~= nil end
local same_bye = { ["DLG-003"] = "the same BYE", ["DLG-003b"] = "the same BYE", ["DLG-006"] = "the same BYE",
  ["DLG-009"] = "the same BYE" }
breaks("DLG-001", "record_route_lost", "its 200 has no Record-Route", sends("200 INVITE[Record-Route]", function(msg)
  if has(msg, "<sip:two@[^\r]*;y=2") then return without(msg, "Record%-Route") end
end))
breaks("DLG-003", "route_lost", "it hangs up without the route", sends("BYE", function(msg)
  if is_here(msg) then return without(msg, "Route") end
end), same_bye)
breaks("DLG-003b", "target_is_from", "it hangs up at the caller's From", sends("BYE", function(msg)
  if is_here(msg) then return to_uri(msg, tostring(msg.to.uri)) end
end), same_bye)
breaks("DLG-004", "route_forward", "a caller takes the route as it stands in the 200", sends("ACK[Route]", function(msg)
  return (msg.raw:gsub("<sip:near@", "<sip:?@"):gsub("<sip:far@", "<sip:near@"):gsub("<sip:%?@", "<sip:far@"))
end), { ["DLG-006"] = "the same ACK" })
breaks("DLG-004b", "target_is_called", "a caller hangs up at the URI that it has called", sends("BYE", function(msg)
  if has(msg, "^BYE sip:x@[^ ]*foo=bar") and msg.cseq.number == 2 then return to_uri(msg, tostring(msg.to.uri)) end
end), { ["DLG-030"] = "the same BYE" })
breaks("DLG-005", "early_route", "a caller keeps the route of the 180", gets("200 INVITE[Record-Route]", function(msg)
  return (msg.raw:gsub("<sip:late@", "<sip:early@"))
end))
breaks("DLG-005b", "route_follows", "its route follows the Record-Route of a re-INVITE", sends("BYE[Route]", function(msg)
  return (msg.raw:gsub("<sip:one@", "<sip:other@"))
end, function(msg) return has(msg, "Record%-Route: <sip:other@") end))
breaks("DLG-006", "loose_as_strict", "a loose router is taken for a strict one", sends("ACK[Route]", function(msg)
  if has(msg, "<sip:near@") then return to_uri(msg, msg.raw:match("<(sip:near@[^>]*)>")) end
end), { ["DLG-004"] = "the same ACK" })
breaks("DLG-007", "strict_as_loose", "a strict router is taken for a loose one", sends("BYE[Route]", function(msg)
  local here = msg.raw:match("<(sip:here@[^>]*)>")
  if has(msg, "^BYE sip:one@") and here then return to_uri(msg, here) end
end))
breaks("DLG-008", "number_jumps", "its number goes up by two", sends("BYE[CSeq.number = 2]", function(msg)
  if msg.to.uri.user == "bob" then return put(msg, "CSeq", "3 BYE") end
end))
breaks("DLG-009", "one_space", "its numbers follow those of the other side", sends("BYE", function(msg)
  if is_here(msg) then return put(msg, "CSeq", "1234568 BYE") end
end), same_bye)
breaks("DLG-010", "number_ignored", "a number that goes back is not looked at", gets("BYE[CSeq.number = 99]", function(msg)
  return put(msg, "CSeq", "199 BYE")
end))
breaks("DLG-011", "skip_refused", "a number that skips ahead is refused", sends("200 BYE[CSeq.number = 4711]",
  line("500 Out Of Order")), { ["DLG-023c"] = "the BYE is refused" })
breaks("DLG-011b", "number_kept", "the highest number is that of the first INVITE", gets("BYE[CSeq.number = 899]",
  function(msg) return put(msg, "CSeq", "901 BYE") end))
breaks("DLG-013", "target_kept", "a re-INVITE moves nobody", sends("BYE", function(msg)
  return (msg.raw:gsub("^BYE sip:moved@", "BYE sip:w@"))
end, again))
breaks("DLG-014", "refused_moves", "a re-INVITE moves the caller, though it is refused", {
  on_send = function(msg)
    if msg:is("488 INVITE") then seen.refused = true end
    if msg:is("BYE") and seen.refused then return (msg.raw:gsub("^BYE sip:w@", "BYE sip:moved@")) end
  end })
local function holds(msg) if msg:is("INVITE") and msg.body:find("a=sendonly", 1, true) then seen.hold = true end end
for status, row in pairs { [481] = "DLG-015", [408] = "DLG-015b" } do
  breaks(row, "goes_on", "a " .. status .. " to a re-INVITE does not end its call", {
    on_send = function(msg)
      holds(msg)
      if msg:is("BYE") and seen.it then return false end
    end,
    on_receive = function(msg) if seen.hold and msg:is(status .. " INVITE") then seen.it = true end end })
end
breaks("DLG-016", "goes_on", "a re-INVITE that nobody answers does not end its call", {
  on_send = function(msg)
    holds(msg)
    if msg:is("BYE") and seen.hold and not seen.answered then return false end
  end,
  on_receive = function(msg) if seen.hold and msg.status and msg:header("CSeq"):find("INVITE") then seen.answered = true end end })
breaks("DLG-017b", "one_number", "the dialogs of two callees share their numbers", sends("BYE[Route]", function(msg)
  if has(msg, "<sip:totwo@") then return put(msg, "CSeq", msg.cseq.number + 1 .. " BYE") end
end), { ["DLG-017c"] = "the same BYE" })
breaks("DLG-017c", "one_target", "the dialogs of two callees share their target", sends("BYE[Route]", function(msg)
  if has(msg, "<sip:totwo@") then return (msg.raw:gsub("^BYE sip:two@", "BYE sip:one@")) end
end), { ["DLG-017b"] = "the same BYE" })
breaks("DLG-018", "dialogs_kept", "a refusal ends none of its early dialogs", sends("481 BYE", line("200 OK"),
  function(msg) return msg:is("486 INVITE") end))
breaks("DLG-019", "tag_wanted", "a caller without a tag is refused", sends("180|200 INVITE[!From.tag]",
  line("400 No Tag")), { ["DLG-019b"] = "there is no call", ["TOR-inv2543"] = "a caller of RFC 2543 has no tag" })
breaks("DLG-019b", "empty_tag", "for no tag it says an empty one", sends("BYE[!To.tag]", function(msg)
  return put(msg, "To", msg:header("To") .. ";tag=")
end), { ["DLG-019"] = "the same BYE" })
breaks("DLG-020b", "number_signed", "numbers from 2^30 on are refused", sends("200 OPTIONS[CSeq.number > 1073741824]",
  line("500 Out Of Order")))
breaks("DLG-021", "unknown_is_ok", "a BYE behind a BYE is a 200", {
  on_send = function(msg)
    seen.over = seen.over or msg:is("200 BYE")
    if msg:is("481 BYE") and seen.over then return says(msg, "200 OK") end
  end }, { ["DLG-023c"] = "the same scenario", ["STN-003"] = "by the 481 it is seen that the BYE was another",
    ["STN-003b"] = "by the 481 it is seen that the BYE was another" })
breaks("DLG-024", "bye_goes_on", "a BYE that nobody answers ends nothing", {
  on_send = function(msg)
    if msg:is("BYE") then seen.byes = (seen.byes or 0) + 1 end
    if msg:is("481 BYE") and (seen.byes or 0) > 5 then return says(msg, "200 OK") end
  end })
breaks("DLG-024b", "bye_goes_on", "a BYE that is refused ends nothing", sends("481 BYE", line("200 OK"),
  function(msg) return msg:is("481|408 BYE") end))
breaks("DLG-030", "parameters_lost", "its target has no parameters", sends("BYE[CSeq.number = 1]", function(msg)
  if not seen.method then return (msg.raw:gsub("^(BYE sip:x@[^; ]*);%S*", "%1")) end
end, function(msg)
  if has(msg, "Contact:[^\r]*;method=") then seen.method = true end
  return true
end))
breaks("DLG-030b", "method_kept", "its target has the method of the Contact", sends("BYE", function(msg)
  return (msg.raw:gsub("^(BYE sip:x@%S*)", "%1;method=INFO"))
end, function(msg) return has(msg, "Contact:[^\r]*;method=") end))
breaks("DLG-N04", "target_kept", "the 200 to its re-INVITE moves nobody", sends("ACK", function(msg)
  return (msg.raw:gsub("^ACK sip:moved@", "ACK sip:w@"))
end))
breaks("DLG-N05", "180_moves", "a 180 to its re-INVITE moves the other", sends("BYE", function(msg)
  return (msg.raw:gsub("^BYE sip:w@", "BYE sip:moved@"))
end, function(msg) return msg:is("180 INVITE") and has(msg, "Contact:[^\r]*sip:moved@") end),
  { ["INV-008"] = "the same scenario" })
breaks("DLG-N06", "options_move", "OPTIONS move the caller", sends("BYE", function(msg)
  return (msg.raw:gsub("^BYE sip:w@", "BYE sip:moved@"))
end, function(msg) return msg:is("OPTIONS") and has(msg, "Contact:[^\r]*sip:moved@") end))
breaks("DLG-N08", "early_bye_refused", "a BYE that is there before the answer is refused", {
  on_send = function(msg)
    if msg:is("200 INVITE") then seen.up = true end
    if msg:is("200 BYE") and not seen.up and not seen.called then return says(msg, "481 No Dialog") end
    if msg:is("INVITE") then seen.called = true end
  end })

-- Replaces.
local function replacing(change)
  return gets("INVITE[Replaces]", function(msg) return change(msg, msg:headers("Replaces")) end)
end
local function claimed(pattern, change) return sends(pattern, change, function(msg) return msg:is("INVITE[Replaces]") end) end
breaks("DLG-025", "unknown_rings", "Replaces of no call is taken for any call", replacing(function(msg, values)
  if #values == 1 and values[1]:find("^nobody@") then return without(msg, "Replaces") end
end))
breaks("DLG-025b", "first_counts", "of two Replaces the first one counts", replacing(function(msg, values)
  if #values == 2 then return (msg.raw:gsub("\r\nReplaces: nobody@[^\r]*", "")) end
end))
breaks("DLG-026", "old_kept", "a call that is replaced goes on", {
  on_send = function(msg) if msg:is("BYE") and seen.it then return false end end,
  on_receive = function(msg)
    if msg:is("INVITE[Replaces]") and not has(msg, "early%-only") then seen.it = true end
  end })
breaks("DLG-026b", "early_only_ignored", "early-only is not looked at", replacing(function(msg)
  if msg.raw:find("to-tag=dut", 1, true) then return (msg.raw:gsub(";early%-only", "")) end
end))
breaks("DLG-027", "ended_rings", "Replaces of a call that has ended rings", sends("603|481 INVITE", line("180 Ringing"),
  function(msg) return msg:is("BYE") end))
breaks("DLG-028", "ringing_replaced", "a call that rings here can be replaced", {
  on_send = function(msg) if msg:is("200 INVITE") or msg:is("INVITE") then seen.up = true end end,
  on_receive = function(msg)
    if msg:is("INVITE[Replaces]") and has(msg, "to%-tag=dut") and not seen.up then return without(msg, "Replaces") end
  end })
breaks("DLG-029", "tags_swapped", "its own tag is looked for in from-tag", replacing(function(msg)
  if has(msg, "from%-tag=dut") then
    return (msg.raw:gsub("to%-tag=([^;]*);from%-tag=([^;\r]*)", "to-tag=%2;from-tag=%1"))
  end
end))
breaks("DLG-029c", "tag_not_wanted", "Replaces without a to-tag is passed over", replacing(function(msg, values)
  if not values[1]:find("to-tag", 1, true) then return without(msg, "Replaces") end
end))
breaks("DLG-N10", "old_lost", "a call ends though it could not be replaced", {
  on_send = function(msg)
    if msg:is("488 INVITE") and seen.it then seen.refused = true end
    if msg:is("200 BYE") and seen.refused then return says(msg, "481 No Dialog") end
  end,
  on_receive = function(msg) if msg:is("INVITE[Replaces]") then seen.it = true end end })
breaks("DLG-N11", "not_cancelled", "a call of its own that is replaced rings on", claimed("CANCEL", lost))

-- Calls.
-- How often a response has been sent.
local function count(msg)
  local name = msg.call_id .. msg:header("CSeq")
  seen[name] = (seen[name] or 0) + 1
  return seen[name]
end
breaks("INV-001", "copy_left_out", "a 200 is said again only after 3*T1", sends("200 INVITE", function(msg)
  if mine(msg) and msg.via[1].transport == "UDP" and count(msg) == 2 then return false end
end), { ["INV-003"] = "the same copies", ["INV-002"] = "the same copies",
  ["STI-009b"] = "it tells the copies by their times" })
breaks("INV-001b", "trusts_tcp", "over TCP a 200 is said once", sends("200 INVITE", function(msg)
  if msg.via[1].transport == "TCP" and count(msg) > 1 then return false end
end))
breaks("INV-002", "waits_on", "a call that is never acknowledged goes on", {
  on_send = function(msg)
    if msg:is("200 INVITE") then seen.said = (seen.said or 0) + 1 end
    if msg:is("BYE") and (seen.said or 0) > 8 then return false end
  end })
breaks("INV-003", "ack_ignored", "a 200 is said again behind its ACK", {
  on_send = function(msg) if msg:is("200 INVITE") and mine(msg) then seen.said = (seen.said or 0) + 1 end end,
  on_receive = function(msg) if msg:is("ACK") and (seen.said or 0) == 3 then return false end end },
  { ["INV-001"] = "the same copies", ["INV-001b"] = "the same copies" })
breaks("INV-005", "no_retry_after", "the 500 to a second INVITE has no Retry-After", sends("500 INVITE", function(msg)
  return without(msg, "Retry%-After")
end), { ["SDP-009c"] = "the same response" })
breaks("SDP-009c", "glare", "a second INVITE is a 491", sends("500 INVITE[Retry-After]", line("491 Request Pending")),
  { ["INV-005"] = "the same response" })
breaks("INV-006", "500_for_491", "an INVITE while its own is under way is a 500", sends("491 INVITE",
  line("500 Server Internal Error")), { ["SDP-009b"] = "the same response" })
breaks("SDP-009b", "488_for_491", "an INVITE while its own is under way is a 488", sends("491 INVITE",
  line("488 Not Acceptable Here")), { ["INV-006"] = "the same response" })
for row, number in pairs { ["INV-007"] = 2, ["INV-007b"] = 1 } do
  breaks(row, "gives_up", "what was refused with 491 is not asked again", sends("INVITE", lost,
    function(msg) return msg:is("491 INVITE[CSeq.number = " .. number .. "]") end))
end
breaks("INV-008", "gone", "a re-INVITE that is refused ends the call", sends("200 INVITE", line("481 No Dialog"),
  function(msg) return msg:is("488 INVITE") end))
breaks("INV-009", "asks_on", "it asks again behind a BYE", {
  on_send = function(msg) if msg:is("200 OPTIONS") and seen.bye then return (msg.raw:gsub(" OPTIONS", " BYE")) end end,
  on_receive = function(msg)
    if msg:is("491 INVITE") then seen.it = true end
    if msg:is("BYE") and seen.it then
      seen.bye = true
      return (msg.raw:gsub("^BYE", "OPTIONS"):gsub("(CSeq: %d+) BYE", "%1 OPTIONS"))
    end
  end })
local function empty_again(change)
  return {
    on_send = function(msg)
      if not msg:is("200 INVITE") then return end
      if seen.it and msg.from.uri.user == "w" then return msg:with { body = change(msg.body) } end
      seen.body = msg.body
    end,
    on_receive = function(msg) if again(msg) and msg.body == "" then seen.it = true end end,
  }
end
breaks("INV-011b", "offers_little", "it offers what was answered, and no more", empty_again(function()
  return seen.body
end))
breaks("INV-011c", "offers_else", "it offers what was never agreed on", empty_again(function(body)
  return (body:gsub("(m=audio %d+ RTP/AVP)[^\r]*", "%1 9"):gsub("a=[^\r]*\r\n", ""))
end), { ["INV-011b"] = "the same offer" })
breaks("INV-013b", "no_ack", "an answer that cannot be used is not acknowledged", sends("ACK", lost,
  function(msg) return msg:is("200 INVITE") and has(msg, "nothing/8000") end))
breaks("INV-017", "100_is_early", "a 100 with a tag makes a dialog", sends("481 BYE", line("200 OK"),
  function(msg) return msg:is("100 INVITE[To.tag]") end))
breaks("INV-017b", "180_is_not", "a 180 with a tag makes no dialog", {
  on_send = function(msg) if msg:is("200 OPTIONS") and seen.it then return says(msg, "481 No Dialog") end end,
  on_receive = function(msg)
    if msg:is("180 INVITE") and msg.cseq.number == 1 then seen.it = true end
    if msg:is("200|488 INVITE") then seen.it = false end
  end }, { ["INV-017"] = "the same scenario" })
breaks("INV-018c", "199_ends_all", "a 199 ends every early dialog", sends("ACK", lost,
  function(msg) return msg:is("199") end), { ["INV-018"] = "the same scenario" })
breaks("INV-018", "199_is_final", "a 199 is taken for the end", sends("ACK", lost,
  function(msg) return msg:is("199") end), { ["INV-018c"] = "the same scenario" })
breaks("INV-N04", "199_unasked", "before it rejects it says 199", {
  on_send = function(msg)
    if msg:is("486 INVITE") and msg.from.uri.user == "alice" and not seen.it then
      seen.it = true
      return says(msg, "199 Early Dialog Terminated")
    end
  end })

-- CANCEL.
breaks("CAN-003b", "other_number", "a CANCEL has a number of its own", sends("CANCEL", function(msg)
  if not seen.far then return put(msg, "CSeq", msg.cseq.number + 1 .. " CANCEL") end
end), { ["CAN-003"] = "the same CANCEL", ["CAN-006"] = "the same CANCEL", ["CAN-006b"] = "the same CANCEL",
  ["CAN-005"] = "of a CANCEL, too", ["CAN-005b"] = "of a CANCEL, too", ["CAN-004"] = "of a CANCEL, too",
  ["CAN-N01"] = "of a CANCEL, too", ["CAN-N31"] = "of a CANCEL, too" })
breaks("CAN-007", "any_is_ok", "a CANCEL of nothing is a 200", sends("481 CANCEL", function(msg)
  if has(msg, "branch=z9hG4bKnothing") then return says(msg, "200 OK") end
end))
breaks("CAN-009b", "refused_twice", "behind a refusal a CANCEL makes a 487", sends("486 INVITE", line("487 Terminated"),
  function(msg) return msg:is("CANCEL") end))
breaks("CAN-010", "cancel_unknown", "a CANCEL of a SUBSCRIBE is a 481", sends("200 CANCEL", line("481 Unknown"),
  function(msg) return msg:is("SUBSCRIBE") end), { ["CAN-010b"] = "the same scenario" })
breaks("CAN-010b", "cancelled", "a SUBSCRIBE can be cancelled", sends("4xx SUBSCRIBE",
  line("487 Terminated"), function(msg) return msg:is("SUBSCRIBE[Event = nothing]") end), { ["CAN-010"] = "the same scenario" })
breaks("CAN-N01", "follows_contact", "a CANCEL goes to the Contact of the 180", sends("CANCEL", lost,
  function(msg) return msg:is("180 INVITE[Record-Route]") and #msg.via == 1 end))
breaks("CAN-N31", "not_over_tcp", "a CANCEL does not go by TCP", sends("CANCEL", function(msg)
  if msg.via[1].transport == "TCP" then return false end
end))
breaks("CAN-N03", "other_tag", "the 200 to a CANCEL has a tag of its own", sends("200 CANCEL", function(msg)
  if msg.via[1].transport == "UDP" then return (msg.raw:gsub("(\r\nTo:[^\r]*;tag=)[^\r;]*", "%1another")) end
end, function(msg) return msg:is("INVITE") end), { ["CAN-008"] = "of the same scenario", ["CAN-008b"] = "of the same scenario",
  ["CAN-008c"] = "of the same scenario" })

-- What is sent elsewhere, and what is not sent again.
breaks("UAC-004", "call_id_kept", "its fifth call has the Call-ID of the fourth", sends("INVITE[!To.tag]", function(msg)
  if seen.last ~= msg.call_id then seen.last, seen.before, seen.calls = msg.call_id, seen.last, (seen.calls or 0) + 1 end
  if seen.calls == 5 and msg.time > 0.3 then return put(msg, "Call%-ID", seen.before) end
end))
breaks("UAC-007", "first_only", "of several Contacts the first one is tried", sends("INVITE", function(msg)
  seen.count = (seen.count or 0) + (msg.uri.user ~= "w" and 1 or 0)
  if seen.count > 1 and has(msg, "^INVITE sip:[abc]@") then return false end
end), { ["UAC-007b"] = "the same scenario" })
breaks("UAC-007c", "method_kept", "a method of a Contact goes into the Request-URI", sends("INVITE", function(msg)
  return (msg.raw:gsub("^(INVITE sip:c@%S*;x=1)", "%1;method=INVITE"))
end))
breaks("UAC-007d", "to_follows", "who is sent elsewhere has another To", sends("INVITE", function(msg)
  if msg.uri.user == "next" then return put(msg, "To", "<" .. tostring(msg.uri) .. ">") end
end), { ["UAC-007e"] = "the same scenario" })
breaks("UAC-007e", "branch_kept", "what is sent elsewhere has the branch of before", sends("INVITE", function(msg)
  seen.branch = seen.branch or msg.via[1].branch
  if msg.uri.user == "next" then return (msg.raw:gsub("branch=[^;\r]*", "branch=" .. seen.branch, 1)) end
end), { ["UAC-007d"] = "the same scenario" })
breaks("UAC-008", "goes_back", "it goes back to whom it has tried", {
  on_send = function(msg) return msg:is("INVITE") and (msg.raw:gsub("^INVITE sip:new@", "INVITE sip:a@")) or nil end,
  on_receive = function(msg)
    if not msg:is("302 INVITE") then return end
    seen.count = (seen.count or 0) + 1
    if seen.count == 2 then return put(msg, "Contact", "<sip:new@" .. msg.raw:match("sip:a@([^>]*)>") .. ">") end
  end })
local function as_302(msg)
  return (says(msg, "302 Elsewhere"):gsub("\r\n", "\r\nContact: <sip:again@" .. msg.to.uri.host .. ">\r\n", 1))
end
breaks("UAC-010", "same_type", "what was a 415 is sent again as it was", gets("415 INVITE", function(msg)
  if #msg.via == 1 then return as_302(msg) end
end),
  { ["UAC-010b"] = "the same scenario" })
breaks("UAC-010b", "same_body", "what was a 413 is sent again as it was", gets("413 INVITE", as_302),
  { ["UAC-010"] = "the same scenario" })
breaks("UAC-013b", "at_once", "who is told when to come back comes back at once",
  gets("480|500 INVITE[Retry-After]", as_302))
breaks("UAC-017", "rings_on", "who rang with another that answered is never over", sends("481 BYE", line("200 OK"),
  function(msg) return msg:is("180 INVITE[To.tag = three]") end))
breaks("UAC-018b", "one_ack", "a copy of a 200 gets no ACK", sends("ACK", function()
  seen.acks = (seen.acks or 0) + 1
  if seen.acks > 1 then return false end
end, function(msg)
  if not msg:is("200 INVITE[CSeq.number = 1, To.tag = w]") then return end
  seen[msg.call_id] = (seen[msg.call_id] or 0) + 1
  return seen[msg.call_id] == 2
end), { ["INV-016"] = "the same ACK" })
breaks("UAC-019", "both_kept", "a second callee is not hung up on", sends("BYE", function(msg)
  if msg.to.tag == "two" and not msg.route then return false end
end), { ["DLG-017"] = "the same scenario" })
breaks("UAC-020", "late_200", "a 200 behind a refusal is acknowledged", {
  on_send = function(msg)
    if msg:is("ACK") and seen.late then return (msg.raw:gsub("branch=", "branch=z9hG4bKlate", 1)) end
  end,
  on_receive = function(msg)
    if msg:is("200 INVITE") and seen.refused then
      seen.late = true
      return says(msg, "486 Busy Here")
    end
    seen.refused = seen.refused or msg:is("486 INVITE")
  end })

-- Calls of agents, and what is said in them.
local function of(user, transport)
  return function(msg)
    local from = msg.status and msg.from or msg.to
    return from.uri.user == user and (not transport or msg.via[1].transport == transport)
  end
end
local alice, bob = of("alice", "TCP"), of("bob")
breaks("DLG-002", "contact_lost", "its 200 has no Contact", sends("200 INVITE", function(msg)
  if alice(msg) then return without(msg, "Contact") end
end), { ["INV-N01"] = "the same scenario", ["INV-012"] = "the same scenario", ["DLG-023c"] = "the same scenario" })
breaks("DLG-012", "unknown_is_ok", "an INFO of no dialog is a 200", sends("481|405|501 INFO[To.tag = nobody]", line("200 OK")),
  { ["DLG-021"] = "the same scenario", ["OPT-006"] = "the same INFO, and RFC 6086 says it, too" })
breaks("DLG-017", "one_callee", "of a second callee it takes no notice", sends("ACK[To.tag = two]", function(msg)
  if seen.one and not seen.rang and not msg.route then return false end
end, function(msg)
  seen.one = seen.one or msg:is("200 INVITE[To.tag = one]")
  seen.rang = seen.rang or msg:is("180")
  return true
end), { ["UAC-019"] = "the same scenario", ["CTI-014"] = "the second callee is acknowledged there, too" })
breaks("DLG-023c", "bye_refused", "a BYE is a 500", sends("200 BYE", function(msg)
  if alice(msg) then return says(msg, "500 Server Internal Error") end
end), { ["DLG-002"] = "the same scenario", ["INV-N01"] = "the same scenario", ["INV-012"] = "the same scenario" })
breaks("INV-012b", "no_offer", "a call without an offer is answered without one", sends("200 INVITE", function(msg)
  if msg.from.uri.user == "alice" and seen.empty then return without(msg:with { body = "" }, "Content%-Type") end
end, function(msg)
  if msg.method == "INVITE" then seen.empty = msg.body == "" and not again(msg) end
  return true
end), { ["INV-011"] = "the same scenario", ["INV-012"] = "the same scenario" })
breaks("INV-014", "480_for_488", "media of which nothing fits are a 480", sends("488 INVITE",
  line("480 Temporarily Unavailable"), function(msg) return msg.method == "INVITE" and has(msg, "G729") end))
breaks("CAN-005", "crossed_lost", "a 200 that crosses its CANCEL is not acknowledged", {
  on_send = function(msg)
    if msg:is("CANCEL") then seen.cancelled = true end
    if msg:is("ACK") and seen.it then return false end
  end,
  on_receive = function(msg) if msg:is("200 INVITE") and seen.cancelled then seen.it = true end end },
  { ["CAN-005b"] = "the same scenario" })
breaks("CAN-008b", "486_for_487", "a call that is cancelled is a 486", sends("487 INVITE", function(msg)
  if msg.via[1].transport == "TCP" then return says(msg, "486 Busy Here") end
end), { ["STI-014b"] = "the same scenario", ["STI-001"] = "its scenario ends with a CANCEL over TCP" })
breaks("CAN-009", "ends_call", "a CANCEL behind the 200 ends the call", sends("200 BYE", line("481 No Dialog"),
  function(msg) return msg:is("CANCEL") end))
breaks("UAC-018", "no_ack", "a 200 is not acknowledged", sends("ACK", function(msg)
  if bob(msg) and #msg.via == 1 and msg.uri.host:find("^10%.") and msg.via[1].transport == "TCP" then return false end
end), { ["DLG-023c"] = "the same scenario" })
local same_ack = { ["UAC-018"] = "the same ACK", ["UAC-018d"] = "the same ACK", ["CTI-015"] = "the same ACK" }
local function ack_here(change)
  return {
    on_send = function(msg)
      seen.branch = seen.branch or msg.via[1].branch
      if msg:is("ACK") and has(msg, "^ACK sip:here@") then return change(msg) end
    end }
end
breaks("UAC-018c", "next_number", "the ACK of a 200 has a number of its own", ack_here(function(msg)
  return put(msg, "CSeq", msg.cseq.number + 1 .. " ACK")
end), same_ack)
breaks("UAC-018d", "branch_kept", "the ACK of a 200 has the branch of the INVITE", ack_here(function(msg)
  return (msg.raw:gsub("branch=[^;\r]*", "branch=" .. seen.branch, 1))
end), { ["UAC-018"] = "the same ACK", ["UAC-018c"] = "the same ACK", ["CTI-015"] = "the same ACK",
  ["MSG-N12"] = "a 299 is acknowledged like a 200" })
breaks("CTI-015", "branch_kept", "the ACK of a 200 belongs to the INVITE", ack_here(function(msg)
  return (msg.raw:gsub("branch=[^;\r]*", "branch=" .. seen.branch, 1))
end), { ["UAC-018"] = "the same ACK", ["UAC-018c"] = "the same ACK", ["UAC-018d"] = "the same ACK",
  ["MSG-N12"] = "a 299 is acknowledged like a 200" })
breaks("INV-011", "no_offer", "a re-INVITE without an offer is answered without one", sends("200 INVITE", function(msg)
  if msg.from.uri.user == "alice" then return without(msg:with { body = "" }, "Content%-Type") end
end, function(msg) return again(msg) and msg.body == "" end))
breaks("INV-N01", "no_answer", "an offer is answered without one", sends("200 INVITE", function(msg)
  if alice(msg) then return without(msg:with { body = "" }, "Content%-Type") end
end), { ["DLG-002"] = "the same scenario", ["INV-012"] = "the same scenario", ["DLG-023c"] = "the same scenario" })
breaks("INV-012", "needs_offer", "a call without an offer is a 488", sends("180|200 INVITE", function(msg)
  if msg.from.uri.user == "alice" and seen.empty then return says(msg, "488 Not Acceptable Here") end
end, function(msg)
  if msg.method == "INVITE" then seen.empty = msg.body == "" and not again(msg) end
  return true
end), { ["INV-011"] = "the same scenario", ["INV-012b"] = "the same scenario" })
breaks("UAS-015", "moves", "a re-INVITE that is a 420 moves the caller", {
  on_send = function(msg)
    if msg:is("420 INVITE") then seen.refused = true end
    if msg:is("BYE") and seen.refused then return (msg.raw:gsub("^BYE sip:w@", "BYE sip:moved@")) end
  end })
breaks("INV-016", "two_acks", "the second copy of a 200 gets no ACK", sends("ACK", function(msg)
  if msg.call_id == seen.copied then return false end
end, function(msg)
  if not msg:is("200 INVITE[CSeq.number = 1, To.tag = w]") then return end
  seen[msg.call_id] = (seen[msg.call_id] or 0) + 1
  if seen[msg.call_id] == 3 then seen.copied = msg.call_id end
  return seen.copied
end), { ["UAC-018b"] = "the same scenario" })
