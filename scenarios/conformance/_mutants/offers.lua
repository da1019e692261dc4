-- Devices that break one rule of offers, PRACK, UPDATE and session timers each: RFC 3262, RFC 3264, RFC 3311, RFC 4028.

local seen = {}                         -- in this scenario

local function without(msg, name) return (msg.raw:gsub("\r\n" .. name .. ":[^\r]*", "")) end
local function put(msg, name, value) return (msg.raw:gsub("(\r\n" .. name .. ":)[^\r]*", "%1 " .. value, 1)) end
local function says(msg, line) return (msg.raw:gsub("^[^\r]*", "SIP/2.0 " .. line, 1)) end
local function again(msg) return msg.method == "INVITE" and msg.to ~= nil and msg.to.tag ~= nil end
local function body(msg, from, to) return msg:with { body = (msg.body:gsub(from, to)) } end
local function lost() return false end
local function line(text) return function(msg) return says(msg, text) end end

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
local function breaks(row, name, why, how, also)
  how.why, how.also = why, also
  mutant(row, name, how)
end

-- What it answers to an offer that has this.
local function answers(offer, change, pattern)
  return sends(pattern or "200 INVITE", change, function(msg) return msg:is("INVITE") and msg.body:find(offer) ~= nil end)
end
breaks("SDP-002", "format_lost", "a stream that it rejects has no format", answers("m=application 7000", function(msg)
  return body(msg, "m=application 0 (%S+)[^\r]*", "m=application 0 %1")
end))
breaks("SDP-003b", "receives_too", "what is only received is sent and received", answers("a=recvonly", function(msg)
  return body(msg, "a=sendonly", "a=sendrecv")
end))
breaks("SDP-003c", "sends", "what is inactive is sent", answers("a=inactive", function(msg)
  return body(msg, "a=inactive", "a=sendonly")
end))
breaks("SDP-004b", "own_number", "a codec gets a number of its own", answers("RTP/AVP 96 101", function(msg)
  return body(msg, "96", "97")
end), { ["SDP-N32"] = "the same scenario" })
breaks("SDP-N32", "no_rtpmap", "a dynamic format has no rtpmap", answers("RTP/AVP 96 101", function(msg)
  return body(msg, "a=rtpmap:101[^\r]*\r\n", "")
end), { ["SDP-004b"] = "the same scenario" })
breaks("SDP-008", "zero_refused", "0.0.0.0 is refused", answers("c=IN IP4 0%.0%.0%.0", line("500 Server Internal Error")))
breaks("SDP-008b", "inactive", "it holds with inactive", sends("INVITE", function(msg)
  if msg.body:find("a=sendonly", 1, true) then return body(msg, "a=sendonly", "a=inactive") end
end))
breaks("SDP-010", "strangers_refused", "an attribute that it does not know is refused", answers("a=xyzzy",
  line("488 Not Acceptable Here")))
breaks("SDP-010b", "mended", "a description without its time is answered", gets("INVITE", function(msg)
  if msg.body ~= "" and not msg.body:find("t=0 0", 1, true) then return body(msg, "(m=audio)", "t=0 0\r\n%1") end
end))
breaks("SDP-N03", "line_passed_over", "a line of a type that it does not know is passed over", gets("INVITE",
  function(msg) if msg.body:find("x=foo", 1, true) then return body(msg, "x=foo\r\n", "") end end))
breaks("SDP-011", "no_rtpmap", "its offers name no dynamic format", {
  on_send = function(msg)
    if msg:is("INVITE[!To.tag, !Session-Expires, !Authorization]") then return body(msg, "a=rtpmap:101[^\r]*\r\n", "") end
  end }, { ["STM-N02"] = "its refresh says what the INVITE did not" })
breaks("SDP-N01", "holds_back", "who is put on hold puts on hold", answers("a=sendonly", function(msg)
  return body(msg, "a=recvonly", "a=inactive")
end))

-- Reliable responses.
breaks("PRK-007", "any_prack", "any PRACK is a 200", sends("481 PRACK", line("200 OK")))
breaks("PRK-005", "copy_left_out", "a reliable response is said again only after 3*T1", {
  on_send = function(msg)
    if not msg:is("1xx INVITE[RSeq]") then return end
    seen.said = (seen.said or 0) + 1
    if seen.said == 2 then return false end
  end }, { ["PRK-N01"] = "the same scenario", ["PRK-007"] = "it waits for a copy" })
breaks("PRK-N01", "prack_ignored", "a reliable response is said again behind its PRACK", {
  on_send = function(msg)
    if msg:is("1xx INVITE[RSeq]") then seen.said = (seen.said or 0) + 1 end
  end,
  on_receive = function(msg) if msg:is("PRACK") and (seen.said or 0) == 3 then return false end end },
  { ["PRK-005"] = "the same scenario", ["PRK-003b"] = "it waits for the PRACK", ["PRK-004"] = "it waits for the PRACK" })
breaks("PRK-006", "4xx", "what nobody acknowledges is refused with 480", {
  on_send = function(msg)
    seen.reliable = seen.reliable or msg:is("1xx INVITE[RSeq]")
    if seen.reliable and msg:is("5xx INVITE[!Retry-After]") then return says(msg, "480 No PRACK") end
  end })
breaks("PRK-N02", "late_prack", "a PRACK behind a refusal is a 481", {
  on_send = function(msg)
    if msg:is("486 INVITE") then seen.refused = true end
    if msg:is("200 PRACK") and seen.refused then return says(msg, "481 No Dialog") end
  end })
breaks("PRK-N04", "offers_late", "its first reliable response has no offer", sends("180 INVITE[RSeq]", function(msg)
  return without(msg:with { body = "" }, "Content%-Type")
end, function(msg) return msg:is("INVITE") and msg.body == "" end))
breaks("INV-N03", "changes_its_mind", "its answer is not the one that it gave before", {
  on_send = function(msg)
    if msg:is("180 INVITE[RSeq]") and msg.body ~= "" then seen.body = msg.body end
    if msg:is("200 INVITE") and seen.body and seen.offered and msg.body == "" then
      return msg:with { body = seen.body:gsub("m=audio %d+", "m=audio 49152"), content_type = "application/sdp" }
    end
  end,
  on_receive = function(msg) if msg:is("INVITE") and msg.body ~= "" then seen.offered = true end end })
breaks("PRK-009", "not_in_dialog", "a PRACK goes to whom it has called", sends("PRACK", function(msg)
  return (msg.raw:gsub("^PRACK sip:here@", "PRACK sip:w@"))
end), { ["PRK-009b"] = "the same scenario" })
breaks("PRK-009b", "other_rack", "RAck names another response", sends("PRACK[To.tag = here]", function(msg)
  return put(msg, "RAck", "8 " .. msg:header("RAck"):match(" (.*)"))
end), { ["PRK-009"] = "the same scenario" })
breaks("PRK-010", "out_of_order", "what comes out of order is acknowledged", gets("183 INVITE", function(msg)
  if msg:header("RSeq") == "7" and msg.to.tag == "w" then return put(msg, "RSeq", "6") end
end))
breaks("PRK-011", "copies_acknowledged", "copies are acknowledged once more", gets("183 INVITE", function(msg)
  if msg:header("RSeq") ~= "5" then return end
  seen.copies = (seen.copies or 4) + 1
  return put(msg, "RSeq", tostring(seen.copies))
end), { ["PRK-011b"] = "the same scenario" })
breaks("PRK-012", "100_acknowledged", "a 100 that requires it is acknowledged", gets("100 INVITE", function(msg)
  if msg:header("RSeq") then
    return (says(msg, "183 Session Progress"):gsub("(\r\nTo:[^\r]*)", "%1;tag=w\r\nContact: <" .. tostring(msg.to.uri) .. ">"))
  end
end))
breaks("PRK-014", "one_fork", "of two forks one is acknowledged", sends("PRACK[To.tag = two]", lost))

-- UPDATE.
breaks("UPD-002", "500_for_491", "an offer while its own is open is a 500", sends("491 UPDATE",
  line("500 Server Internal Error")))
breaks("UPD-002b", "no_retry_after", "an offer on top of another is told nothing of when", sends("500 UPDATE",
  function(msg) return without(msg, "Retry%-After") end))
for row, most in pairs { ["UPD-005"] = { 2, 9 }, ["UPD-005b"] = { 1, 1 } } do
  breaks(row, "gives_up", "what was refused with 491 is not asked again", sends("UPDATE", lost, function(msg)
    return msg:is("491 UPDATE") and msg.cseq.number >= most[1] and msg.cseq.number <= most[2]
  end))
end
breaks("UPD-006", "target_kept", "an UPDATE moves nobody", sends("BYE", function(msg)
  return (msg.raw:gsub("^BYE sip:moved@", "BYE sip:w@"))
end, function(msg) return msg:is("UPDATE") end), { ["UPD-006b"] = "the same scenario" })
breaks("UPD-006b", "other_contact", "its 200 has another Contact than what it answered to an UPDATE", sends("200 INVITE",
  function(msg) return (msg.raw:gsub("(\r\nContact: <sip:)dut@", "%1other@")) end,
  function(msg) return msg:is("UPDATE") end), { ["UPD-006"] = "the same scenario" })
breaks("UPD-N02", "gone", "an UPDATE that is refused ends the call", sends("200 INVITE", line("481 No Dialog"),
  function(msg) return msg:is("488 UPDATE") end))

-- Session timers.
breaks("STM-001", "timer_once", "only its first INVITE says that it knows timers", sends("BYE|INVITE[To.tag]",
  function(msg) return (msg.raw:gsub("(Supported:[^\r]*)timer, ", "%1")) end, function(msg) return msg:is("200 INVITE") end))
breaks("STM-002", "422_is_400", "an interval that is too small is a 400", sends("422 INVITE", line("400 Too Small")),
  { ["STM-002b"] = "the same response" })
breaks("STM-002b", "little_min_se", "it allows for 60 s", sends("422 INVITE", function(msg)
  return put(msg, "Min%-SE", "60")
end), { ["STM-002"] = "the same response" })
breaks("STM-003", "no_min_se", "the call that is made again has no Min-SE", sends("INVITE", function(msg)
  return without(msg, "Min%-SE")
end, function(msg) return msg:is("422 INVITE") end), { ["STM-003b"] = "the same INVITE", ["STM-003c"] = "the same INVITE" })
breaks("STM-003c", "other_from", "the call that is made again is another one", sends("INVITE", function(msg)
  return (msg.raw:gsub("(\r\nFrom:[^\r]*;tag=)[^\r;]*", "%1another"))
end, function(msg) return msg:is("422 INVITE") end), { ["STM-003"] = "the same INVITE", ["STM-003b"] = "the same INVITE" })
breaks("STM-006b", "late", "a callee who is to refresh does not", sends("INVITE|UPDATE", lost, function(msg)
  return msg:is("INVITE") and (msg:header("Session-Expires") or ""):find("^90;refresher=uas") ~= nil
end), { ["STM-006c"] = "there is no refresh" })
breaks("STM-006c", "never", "who is to refresh never does", { agent = { refresh = false } },
  { ["STM-006"] = "there is no refresh", ["STM-006b"] = "there is no refresh", ["STM-N02"] = "there is no refresh",
    ["STM-N03"] = "there is no refresh", ["STM-N06"] = "there is no refresh", ["SDP-005c"] = "there is no refresh",
    ["STM-008"] = "it ends what it asked to last" })
breaks("STM-007", "goes_on", "a session that nobody refreshes goes on", {
  on_send = function(msg)
    seen.hold = seen.hold or msg:is("INVITE") and msg.cseq.number > 1
    if msg:is("BYE") and seen.it and not seen.hold then return false end
  end,
  on_receive = function(msg)
    local interval = (msg:header("Session-Expires") or ""):match("^90;refresher=(%a+)")
    if interval == "uac" and msg:is("INVITE") or interval == "uas" and msg.status then seen.it = true end
  end })
breaks("STM-008", "takes_an_end", "a session that is given no end has one", gets("200 INVITE", function(msg)
  if not msg:header("Session-Expires") and msg:header("CSeq") == "1 INVITE" then
    return (msg.raw:gsub("\r\n", "\r\nSession-Expires: 90;refresher=uas\r\nRequire: timer\r\n", 1))
  end
end))
breaks("STM-N01", "other_refresher", "it is itself who refreshes", sends("200 INVITE", function(msg)
  return (msg.raw:gsub("(Session%-Expires: 1800;refresher=)uac", "%1uas"))
end), { ["STM-004"] = "the same scenario" })
breaks("STM-N02", "not_asked", "an interval that it did not ask for is not kept", {
  on_send = function(msg) if msg:is("INVITE[Session-Expires]") then seen.asked = true end end,
  on_receive = function(msg)
    if msg:is("200 INVITE") and not seen.asked then return without(msg, "Session%-Expires") end
  end })
breaks("STM-N03", "goes_on", "a refresh that is refused ends nothing", {
  on_send = function(msg)
    seen.hold = seen.hold or msg:is("INVITE") and msg.body:find("a=sendonly", 1, true) ~= nil
    if msg:is("BYE") and seen.it then return false end
  end,
  on_receive = function(msg)
    if msg:is("481|408") and msg.cseq.number > 1 and not seen.hold then seen.it = true end
  end })
breaks("STM-N06", "new_version", "a refresh that changes nothing has a new version", {
  on_send = function(msg)
    local ours = msg:is("INVITE[To.tag]") or msg:is("200 INVITE")
    if seen.it and ours and msg.body ~= "" and not msg.body:find("a=sendonly", 1, true) then
      return body(msg, "(o=%S+ %S+) %d+", "%1 4711")
    end
  end,
  on_receive = function(msg)
    if again(msg) and msg:header("Session-Expires") or msg:is("200 INVITE[Session-Expires]") then seen.it = true end
  end }, { ["SDP-005c"] = "the same scenario" })
breaks("SDP-005c", "new_version", "its refresh has a new version", {
  on_send = function(msg)
    if seen.it and msg:is("INVITE[To.tag]") and not msg.body:find("a=sendonly", 1, true) then
      return body(msg, "(o=%S+ %S+) %d+", "%1 4711")
    end
  end,
  on_receive = function(msg) if msg:is("200 INVITE[Session-Expires]") then seen.it = true end end },
  { ["STM-N06"] = "the same scenario" })
breaks("PRK-003b", "skips_one", "its next reliable response skips a number", sends("183 INVITE[RSeq]", function(msg)
  return put(msg, "RSeq", tostring(msg.rseq + 1))
end), { ["PRK-004"] = "the same scenario" })
breaks("UPD-N01", "no_answer", "an offer in an UPDATE is not answered", sends("200 UPDATE", function(msg)
  if msg.body ~= "" then return without(msg:with { body = "" }, "Content%-Type") end
end), { ["UPD-004"] = "the same scenario" })
local function granted(change)
  return sends("200 INVITE", function(msg)
    if (msg:header("Session-Expires") or ""):find("^600") then return change(msg) end
  end)
end
local same_grant = { ["STM-004"] = "the same 200", ["STM-004b"] = "the same 200", ["STM-005"] = "the same 200" }
breaks("STM-004", "no_refresher", "its 200 names no refresher", granted(function(msg)
  return put(msg, "Session%-Expires", "600")
end), same_grant)
breaks("STM-004b", "not_required", "its 200 requires no timer", granted(function(msg)
  return without(msg, "Require")
end), same_grant)
breaks("STM-005", "longer", "it grants more than was asked for", granted(function(msg)
  return put(msg, "Session%-Expires", "900;refresher=uac")
end), same_grant)
breaks("STM-003b", "as_brief", "the call that is made again lasts less than its Min-SE", sends("INVITE", function(msg)
  return put(msg, "Session%-Expires", "90")
end, function(msg) return msg:is("422 INVITE") end), { ["STM-003"] = "the same INVITE", ["STM-003c"] = "the same INVITE" })
