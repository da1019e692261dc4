-- Transactions that break one rule each: RFC 3261 §17, RFC 6026, RFC 4320, RFC 5393.

-- What has come and what was sent, so far.
local function memory()
  local m = { asked = {}, came = {}, first = {}, counts = {}, said = {}, refused = {}, acked = {}, own = {}, ended = {} }
  return m
end

-- What is broken by itself is left to others.
local function whole(msg) return msg.call_id and msg.to and msg.from and msg.cseq and #msg.via > 0 and (msg.method or msg.status) end
local function branch(msg) return msg.via[1] and msg.via[1].branch or "none" end
local function key(msg) return branch(msg) .. msg.cseq.number .. msg.cseq.method:upper() .. msg.call_id end
local function call(msg) return msg.call_id .. msg.cseq.number end
local function streams(msg) return msg:header("Via"):upper():find("/TCP ", 1, true) ~= nil end

-- A mutant whose hooks get the memory; how: as in mutant(), its hooks with the memory behind the message.
local function remembers(row, name, how)
  local m = memory()
  local on_send, on_receive = how.on_send, how.on_receive
  how.on_send = function(msg)
    if not whole(msg) then return end
    if m.own[msg.call_id] then
      local out = m.own[msg.call_id]
      m.own[msg.call_id] = nil
      return out
    end
    if msg.method then
      local id = key(msg)
      m.counts[id] = (m.counts[id] or 0) + 1
      if not m.first[id] then m.first[id], m.asked[branch(msg) .. msg.method] = msg.time, msg end
      if msg.method == "INVITE" then m.asked[call(msg)] = msg end
      if msg.method == "ACK" then m.acked[branch(msg)] = msg end
    else
      local id = key(msg)
      m.counts[id .. msg.status] = (m.counts[id .. msg.status] or 0) + 1
      local asked = call(msg) .. msg.cseq.method
      if msg.status >= 200 then m.said[asked] = m.said[asked] or msg end
    end
    if on_send then return on_send(msg, m) end
  end
  how.on_receive = function(msg)
    if not whole(msg) then return end
    local seen = m.came[msg.raw]
    m.came[msg.raw] = seen or msg.time
    local out
    if on_receive then out = on_receive(msg, m, seen) end
    if msg.status and msg.status > 199 then m.ended[branch(msg)] = true end
    return out
  end
  mutant(row, name, how)
end

-- In place of what came, `out` is sent to whom `via` names: an OPTIONS is put in its place, and its answer replaced.
local probes = 0
local function says(m, via, out)
  probes = probes + 1
  local id = "mutant-" .. probes
  m.own[id] = out
  return sip.request { method = "OPTIONS", uri = "sip:dut@192.0.2.1", max_forwards = 0, headers = {
    Via = via .. ";branch=z9hG4bK" .. id,
    From = "<sip:x@192.0.2.1>;tag=x", To = "<sip:dut@192.0.2.1>", ["Call-ID"] = id, CSeq = "1 OPTIONS" } }
end

local function sent_by(via) return (via:gsub(";.*", "")) end

-- Of a response: to whom the request went, to whom the response goes on.
local function callee(msg, asked)
  local proto = streams(msg) and "SIP/2.0/TCP " or "SIP/2.0/UDP "
  return proto .. asked.uri.host .. ":" .. (asked.uri.port or 5060)
end
local function caller(msg) return sent_by(msg:headers("Via")[2]) end
local function forwarded(msg)
  local vias = msg:headers("Via")
  table.remove(vias, 1)
  return msg:with { headers = { Via = vias } }
end

local function own(msg) return #msg.via == 1 end             -- of a user agent's own request
local function asked_for(m, msg) return m.asked[branch(msg) .. (msg.cseq and msg.cseq.method or "")] end
local function age(m, msg)
  local asked = asked_for(m, msg)
  return asked and msg.time - asked.time or 0
end

-- The ACK of a refusal: its branch is that of an INVITE.
local function ack_of_refusal(m, msg) return msg.method == "ACK" and m.asked[branch(msg) .. "INVITE"] ~= nil end

-- Of those of a user agent, the ones that follow a 603: the rest is left alone.
local function on_ack_603(row, name, why, change)
  remembers(row, name, { why = why,
    on_receive = function(msg, m) if msg:is("603 INVITE") and own(msg) then m.refused[branch(msg)] = true end end,
    on_send = function(msg, m)
      if ack_of_refusal(m, msg) and m.refused[branch(msg)] then return change(msg, m) end
    end })
end
local function on_ack(row, name, why, change, also)
  remembers(row, name, { why = why, also = also, on_send = function(msg, m)
    if ack_of_refusal(m, msg) then return change(msg, m) end
  end })
end

-- The other rows of scenarios that come by what is broken.
local function on_the_way(...)
  local also = {}
  for _, row in ipairs { ... } do also[row] = "it is seen on the way there" end
  return also
end

-- §17.1.1, RFC 6026 §8.4: the client transaction of an INVITE

mutant("CTI-003c", "no_408", {
  why = "a proxy keeps quiet when nobody answers",
  on_send = function(msg) if msg:is("408 INVITE") then return false end end,
  also = { ["PRX-020b"] = "its 408 is waited for, too" },
})
for row, method in pairs { ["CTI-003"] = "ACK", ["CTI-004"] = "BYE" } do
  remembers(row, "late", { why = "a 200 is taken after 64*T1", on_receive = function(msg, m)
    local asked = asked_for(m, msg)
    if own(msg) and asked and msg:is("200 INVITE") and age(m, msg) > 32 and not m.taken then
      return says(m, callee(msg, asked), sip.dialog(asked, msg):request(method == "BYE" and method or "INFO"))
    elseif msg:is("1xx|2xx INVITE") then
      m.taken = true
    end
  end })
end
remembers("CTI-003b", "cancels", { why = "it gives up by a CANCEL", on_send = function(msg, m)
  if msg.method == "INVITE" and own(msg) and msg.uri.host:find("^10%.") and not msg.to.tag and m.counts[key(msg)] == 7 then
    return sip.cancel(msg)
  end
end })
mutant("CTI-018", "no_end", {
  why = "a proxy keeps quiet of a connection that was refused",
  on_send = function(msg) if msg:is("500 INVITE") and msg.from.uri.user == "caller" then return false end end,
})
remembers("CTI-006", "deaf", { why = "a 180 behind a copy does not stop timer A", on_receive = function(msg, m)
  if own(msg) and msg:is("180 INVITE") and age(m, msg) > 0.6 and age(m, msg) < 1 then return false end
end })
remembers("CTI-006b", "b_runs_on", { why = "timer B runs on behind a 180", on_receive = function(msg, m)
  if msg:is("180 INVITE") then m.rang = true end
  if msg:is("200 INVITE") and m.rang and age(m, msg) > 32 then return false end
end })
mutant("CTI-007", "one_only", {
  why = "a 183 is dropped",
  on_receive = function(msg) if msg:is("183 INVITE") and #msg.via == 2 then return false end end,
})
on_ack("CTI-008", "no_ack_on_streams", "over TCP a refusal is not acknowledged", function(msg)
  if streams(msg) then return false end
end, on_the_way("CTI-002", "CTI-013", "CTI-017", "CAN-N31", "TRP-018", "TRP-022b", "TRP-028", "TRP-N05",
  "TRP-005b"))
remembers("CTI-008b", "routed", { why = "the ACK of a refusal takes the refusal's Record-Route",
  on_receive = function(msg, m) if msg:is("486 INVITE") and msg:header("Record-Route") then m.routed = true end end,
  on_send = function(msg, m) if m.routed and ack_of_refusal(m, msg) then return false end end })
on_ack_603("CTI-009", "no_tag", "the ACK of a refusal has no To tag", function(msg)
  return msg:with { headers = { To = (msg:header("To"):gsub(";tag=[^;]*", "")) } }
end)
on_ack_603("CTI-009b", "two_vias", "the ACK of a refusal has a Via too many", function(msg)
  return msg:with { headers = { Via = { msg:header("Via"), "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx" } } }
end)
on_ack_603("CTI-009c", "next_number", "the ACK of a refusal has a number of its own", function(msg)
  return msg:with { headers = { CSeq = msg.cseq.number + 1 .. " ACK" } }
end)
on_ack("CTI-009d", "no_route", "the ACK of a refusal has no Route", function(msg)
  if msg:header("Route") then return msg:with { headers = { Route = false } } end
end)
on_ack("CTI-010", "body", "the ACK of a refusal has a body", function(msg)
  return msg:with { body = "bye", content_type = "text/plain" }
end)
remembers("CTI-011", "one_ack", { why = "a copy of a refusal is passed over", on_receive = function(msg, _, seen)
  if seen and msg:is("486 INVITE") and msg.time - seen < 5 and not streams(msg) then return false end
end, also = { ["CTI-011b"] = "it counts the ACKs, too" } })
remembers("CTI-011b", "told_twice", { why = "a copy of a refusal is told again", on_receive = function(msg, m, seen)
  local asked = asked_for(m, msg)
  if not seen or not asked or streams(msg) or msg.time - seen > 5 then return end
  if own(msg) and msg:is("401 INVITE") then
    return says(m, callee(msg, asked), asked:with { branch = sip.branch(), cseq = 99 })
  elseif not own(msg) and msg:is("486 INVITE") then
    return says(m, caller(msg), forwarded(msg))
  end
end, also = { ["CTI-011"] = "it is one scenario" } })
mutant("CTI-012", "short_d", { why = "timer D is 5 s", agent = { timers = { D = "5s" } } })
remembers("CTI-013", "acked_again", { why = "timer D runs over TCP", on_receive = function(msg, m, seen)
  local asked = asked_for(m, msg)
  if seen and asked and streams(msg) and msg:is("486 INVITE") then
    return says(m, callee(msg, asked), m.acked[branch(msg)])
  end
end })
remembers("CTI-014", "first_only", { why = "only the first 200 is taken", on_receive = function(msg, m, seen)
  if not msg:is("200 INVITE") then return end
  local id = call(msg)
  m.took = m.took or {}
  if not m.took[id] then m.took[id] = { msg.to.tag, msg.time } end
  local tag, at = table.unpack(m.took[id])
  if not seen and tag ~= msg.to.tag and msg.time - at > 29 and age(m, msg) < 32 then return false end
end, also = { ["UAC-017"] = "another answers as late there" } })
remembers("CTI-015b", "acks", { why = "a proxy acknowledges a 200", on_receive = function(msg, m, seen)
  local asked = asked_for(m, msg)
  if seen and asked and #msg.via == 2 and msg:is("200 INVITE") and msg.time - seen < 5 then
    return says(m, callee(msg, asked), sip.ack(asked, msg:with { status = 486 }))
  end
end, also = { ["CTI-016"] = "it is one scenario" } })
remembers("CTI-016", "first_only", { why = "a proxy sends no copy of a 200 on", on_receive = function(msg, _, seen)
  local ago = seen and msg.time - seen or 0
  if #msg.via == 2 and msg:is("200 INVITE") and ago > 15 and ago < 32 then return false end
end })
remembers("CTI-016b", "stray_forwarded", { why = "a stray 200 goes on", on_receive = function(msg, m, seen)
  if seen and #msg.via == 2 and msg:is("200 INVITE") and msg.time - seen > 32 then
    return says(m, caller(msg), forwarded(msg))
  end
end })
remembers("CTI-017", "late_180", { why = "what comes behind the end is answered", on_receive = function(msg, m)
  local asked = asked_for(m, msg)
  if asked and m.ended[branch(msg)] and msg:is("180 INVITE") and msg.time - asked.time > 0.9 then
    return says(m, own(msg) and callee(msg, asked) or caller(msg), sip.cancel(asked))
  end
end })
remembers("CTI-N01", "fewer_forwards", { why = "a copy has been counted down", on_send = function(msg, m)
  if msg.method == "INVITE" and #msg.via == 2 and msg.uri.user == "bob" and m.counts[key(msg)] == 2 then
    return msg:with { max_forwards = 17 }
  end
end, also = { ["PRX-020b"] = "its INVITE goes on seven times",
  ["CAN-011c"] = "its INVITE goes on for five seconds" } })
remembers("CTI-N02", "other_dropped", { why = "another refusal is no copy", on_receive = function(msg, m)
  if msg:is("3xx|4xx|5xx|6xx INVITE") then
    local id = key(msg)
    m.refused[id] = m.refused[id] or msg.status
    if m.refused[id] ~= msg.status then return false end
  end
end })
on_ack("CTI-N03", "require", "the ACK of a refusal has the Require of the INVITE", function(msg, m)
  local require = m.asked[branch(msg) .. "INVITE"]:header("Require")
  if require then return msg:with { headers = { Require = require } } end
end)
remembers("MAT-011", "stray_200", { why = "a stray 200 is acknowledged, or goes on", on_receive = function(msg, m)
  if msg.status ~= 200 or not branch(msg):find("stray") then return end
  local asked = m.asked[call(msg)]
  if #msg.via > 1 then return says(m, caller(msg), forwarded(msg)) end
  return says(m, callee(msg, asked), sip.dialog(asked, msg):request("BYE"))
end, also = { ["PRX-023"] = "it is one scenario" } })

-- §17.1.2: the client transaction of all else

local function other(msg) return msg.method and msg.method ~= "INVITE" and msg.method ~= "ACK" end
remembers("CTN-001", "late", { why = "the first copy comes after 2*T1 and more", on_send = function(msg, m)
  if other(msg) and m.counts[key(msg)] == 2 then return false end
end, also = on_the_way("CTN-001b", "CTN-003", "CTN-003b", "CTN-006", "CTN-007", "CTN-008", "CTN-010", "EVT-005b",
  "STN-006", "STN-007", "STN-008", "STN-009", "STN-N01", "CAN-012") })
remembers("CTN-001b", "uncapped", { why = "timer E doubles beyond T2", on_send = function(msg, m)
  if other(msg) and m.counts[key(msg)] == 6 then return false end
end, also = on_the_way("CTN-002", "CTN-003b") })
for row, behind in pairs { ["CTN-003"] = false, ["CTN-003b"] = true } do
  remembers(row, "early", { why = "it gives up after 10 s",
    on_receive = function(msg, m) if msg.status == 100 then m.tried = true end end,
    on_send = function(msg, m)
      if other(msg) and (m.tried or false) == behind and msg.time - m.first[key(msg)] > 10 then return false end
    end })
end
remembers("CTN-002", "slower", { why = "behind a 100 it waits for 2*T2",
  on_receive = function(msg, m) if msg.status == 100 then m.tried = true end end,
  on_send = function(msg, m)
    if other(msg) and m.tried and m.counts[key(msg)] % 2 == 0 and m.counts[key(msg)] > 3 then return false end
  end })
remembers("CTN-005", "told_twice", { why = "a copy of the answer is told again", on_receive = function(msg, m, seen)
  local asked = asked_for(m, msg)
  if not (seen and asked and msg.status == 200) or msg.cseq.method == "INVITE" then return end
  if own(msg) then return says(m, callee(msg, asked), asked:with { branch = sip.branch(), cseq = 99 }) end
  return says(m, caller(msg), forwarded(msg))
end })
remembers("CTN-006", "by_branch", { why = "the branch alone matches", on_receive = function(msg, m)
  for _, method in ipairs { "BYE", "MESSAGE" } do
    if msg.status and m.asked[branch(msg) .. method] and msg.cseq.method ~= method then
      return msg:with { headers = { CSeq = msg.cseq.number .. " " .. method } }
    end
  end
end })
remembers("CTN-007", "two_vias", { why = "a response for somebody else is taken", on_receive = function(msg, m)
  local asked = msg.status and asked_for(m, msg)
  if asked and #asked.via == 1 and #msg.via == 2 and msg.cseq.method == "BYE" then return msg:with { headers = { Via = msg:headers("Via")[1] } } end
end })
remembers("CTN-008", "any_host", { why = "who the Via names is of no interest", on_receive = function(msg, m)
  local asked = msg.status and asked_for(m, msg)
  if asked and #msg.via == 1 and msg.via[1].host ~= asked.via[1].host then
    return msg:with { headers = { Via = asked:header("Via") } }
  end
end })
remembers("CTN-010", "late_401", { why = "a 401 is answered after 64*T1", on_receive = function(msg, m)
  local asked = asked_for(m, msg)
  if asked and msg:is("401 BYE") and age(m, msg) > 32 then
    return says(m, callee(msg, asked), asked:with { branch = sip.branch(), cseq = 99 })
  end
end })
remembers("CTN-N01", "deaf", { why = "a 404 does not stop timer E", on_receive = function(msg, m)
  local method = msg.cseq.method
  if asked_for(m, msg) and msg.status == 404 and (method == "BYE" or method == "MESSAGE") and age(m, msg) > 1.9 then return false end
end })

-- §17.2.1, RFC 6026: the server transaction of an INVITE

-- A copy of an INVITE, and how long it was answered before: nil: not yet.
local function on_copy(row, name, why, change, also)
  remembers(row, name, { why = why, also = also, on_receive = function(msg, m, seen)
    if seen and msg.method == "INVITE" then
      local said = m.said[call(msg) .. "INVITE"]
      return change(msg, said, said and msg.time - said.time, m)
    end
  end })
end
local function another(msg) return msg:with { branch = sip.branch() } end

mutant("STI-001", "no_100", {
  why = "no 100 is sent",
  on_send = function(msg) if msg:is("100 INVITE") then return false end end,
})
mutant("STI-001b", "tag", {
  why = "a 100 has a To tag",
  on_send = function(msg)
    if msg:is("100 INVITE") then return msg:with { headers = { To = msg:header("To") .. ";tag=x" } } end
  end,
})
on_copy("STI-002", "rings_twice", "a copy of an INVITE is another", function(msg, said)
  if not said and msg.via[1].branch and msg.uri.user == "dut" then return another(msg) end
end)
remembers("STI-004", "hole", { why = "timer G goes on doubling",
  on_send = function(msg, m)
    if msg:is("486 INVITE") and m.counts[key(msg) .. "486"] == 8 then return false end
end })
on_copy("STI-006", "long_h", "a refused INVITE is kept for ever", function(_, said, ago)
  if said and said.status > 299 and ago > 32 then return false end
end)
on_copy("STI-007", "deaf", "a copy of a refused INVITE is passed over", function(msg, said, ago, m)
  if said and said.status > 299 and ago < 32 and not m.got_ack then return false end
end)
remembers("STI-008", "ack_lost", { why = "the ACK of a refusal is not seen", on_receive = function(msg, m)
  local said = m.said[call(msg) .. "INVITE"]
  local ago = said and msg.time - said.time or 0
  if msg.method == "ACK" and said and said.status > 299 and ago > 1.9 and ago < 2.1 then return false end
end })
remembers("STI-008b", "told_481", { why = "an ACK of nothing is a 481", on_receive = function(msg, m, seen)
  local said = m.said[call(msg) .. "INVITE"]
  if seen and msg.method == "ACK" and said and said.status > 299 then
    return says(m, sent_by(msg:header("Via")), sip.response(msg, 481))
  end
end })
on_copy("STI-009", "another", "a copy of an INVITE that was taken is another", function(msg, said, ago)
  if said and said.status == 200 and ago > 0.9 and ago < 32 then return another(msg) end
end)
on_copy("STI-009b", "again", "a copy of an INVITE brings a copy of the 200", function(msg, said, ago, m)
  if said and said.status == 200 and ago < 0.9 and not streams(msg) then
    return says(m, sent_by(msg:header("Via")), said)
  end
end, on_the_way("STI-002", "STI-009", "UAS-011"))
on_copy("STI-009c", "long_l", "an INVITE that was taken is kept for ever", function(_, said, ago)
  if said and said.status == 200 and ago > 32 then return false end
end)
on_copy("STI-010", "forgotten", "what cannot be sent is forgotten", function(msg, said, ago)
  if said and said.status == 200 and ago < 0.9 and streams(msg) then return another(msg) end
end)
remembers("STI-011", "old_ack", { why = "an ACK without a cookie is absorbed", on_receive = function(msg, m)
  local said = m.said[call(msg) .. "INVITE"]
  if msg.method == "ACK" and said and said.status == 200 and not branch(msg):find("^z9hG4bK") then return false end
end })
remembers("STI-N01", "absorbed", { why = "an ACK of the INVITE's branch is absorbed", on_receive = function(msg, m)
  local said = m.said[call(msg) .. "INVITE"]
  if msg.method == "ACK" and said and said.status == 200 and branch(msg):find("^z9hG4bK") and
    branch(msg) == branch(said) then
    return false
  end
end })
remembers("STI-012", "bye", { why = "who never acknowledges is hung up on", also = on_the_way("STI-006", "STI-007"),
  on_send = function(msg, m)
  if msg:is("486 INVITE") and m.counts[key(msg) .. "486"] == 11 then
    return sip.request { method = "BYE", uri = "sip:w@192.0.2.1", headers = { Via = "SIP/2.0/UDP 192.0.2.1;branch=" ..
      sip.branch(), From = msg:header("To"), To = msg:header("From"), ["Call-ID"] = msg.call_id, CSeq = "1 BYE" } }
  end
end })
remembers("STI-013", "any_ack", { why = "an ACK of any branch will do", on_receive = function(msg, m)
  local said = m.said[call(msg) .. "INVITE"]
  if msg.method == "ACK" and said and said.status > 299 and branch(msg) ~= branch(said) and #msg.via == 1 then
    return msg:with { branch = branch(said) }
  end
end })
mutant("STI-014c", "other_tag", {
  why = "the 200 of a CANCEL has a To tag of its own",
  on_send = function(msg)
    if msg:is("200 CANCEL") and not (#msg.via > 1) then
      return msg:with { headers = { To = (msg:header("To"):gsub(";tag=[^;]*", "")) .. ";tag=other" } }
    end
  end,
})
remembers("STI-N02", "another", { why = "behind the ACK an INVITE is another", on_receive = function(msg, m, seen)
  local said = m.said[call(msg) .. "INVITE"]
  if msg.method == "ACK" and said and said.status > 299 then m.got_ack = true end
  if msg.method == "INVITE" and seen and m.got_ack and msg.time - said.time < 5 then return another(msg) end
end })

-- §17.2.2, RFC 4320: the server transaction of all else

local function request(msg) return msg.method and msg.method ~= "INVITE" and msg.method ~= "ACK" end
local function on_again(row, name, why, change, also)
  remembers(row, name, { why = why, also = also, on_receive = function(msg, m, seen)
    if seen and request(msg) then
      local said = m.said[call(msg) .. msg.method]
      return change(msg, said, said and msg.time - said.time, m, msg.time - seen)
    end
  end })
end
on_again("STN-001", "another", "a copy of a request is another", function(msg, said)
  if not said and msg.method == "MESSAGE" then return another(msg) end
end, on_the_way("STN-006", "STN-007", "STN-N01"))
on_again("STN-002", "deaf", "who asks again hears nothing", function(msg, said, ago)
  if said and ago < 32 and not streams(msg) and branch(msg):find("^z9hG4bK") then return false end
end)
on_again("STN-003", "long_j", "an answer is kept for ever", function(msg, said, ago, m)
  if said and msg.method == "BYE" and ago > 32 then return says(m, sent_by(msg:header("Via")), said) end
end)
on_again("STN-003b", "j_on_streams", "timer J runs over TCP", function(msg, said, _, m)
  if said and msg.method == "BYE" and streams(msg) then return says(m, sent_by(msg:header("Via")), said) end
end)
remembers("STN-005", "rings", { why = "a 180 to a MESSAGE goes on", on_receive = function(msg, m)
  if msg:is("180 MESSAGE") then return says(m, caller(msg), forwarded(msg)) end
end })
on_again("STN-006", "early", "a copy of a MESSAGE is a 100", function(msg, said, _, m, ago)
  if not said and msg.method == "MESSAGE" and ago > 0.4 and ago < 3.4 then
    return says(m, sent_by(msg:header("Via")), sip.response(msg, 100))
  end
end)
mutant("STN-007", "no_100", {
  why = "a request that takes long is no 100",
  on_send = function(msg) if msg.status == 100 and not msg:is("100 INVITE") then return false end end,
})
remembers("STN-008", "says_408", { why = "a MESSAGE that nobody answers is a 408", on_receive = function(msg, m)
  if msg:is("200 MESSAGE") and age(m, msg) > 32 then
    return says(m, caller(msg), (forwarded(msg).raw:gsub("^SIP/2.0 %d+ [^\r]*", "SIP/2.0 408 Request Timeout")))
  end
end })
remembers("STN-009", "late", { why = "an answer goes on after 64*T1", on_receive = function(msg, m)
  if msg:is("200 MESSAGE") and age(m, msg) > 32 then return says(m, caller(msg), forwarded(msg)) end
end })
on_again("STN-N01", "deaf", "a copy behind the 100 is passed over", function(msg, said, _, _, ago)
  if not said and msg.method == "MESSAGE" and ago > 3.6 then return false end
end)

-- §17.2.3, §8.2.2.2: matching

remembers("MAT-001", "any_port", { why = "the sent-by is of no interest", on_receive = function(msg, m)
  if not msg.method or msg.method == "ACK" or msg.method == "CANCEL" or branch(msg) == "none" then return end
  m.ports = m.ports or {}
  local id = branch(msg) .. msg.method
  m.ports[id] = m.ports[id] or sent_by(msg:header("Via"))
  if m.ports[id] ~= sent_by(msg:header("Via")) then return false end
end })
remembers("MAT-N11", "any_method", { why = "branch and sent-by alone match", on_receive = function(msg, m)
  if not request(msg) or msg.method == "CANCEL" or branch(msg) == "none" then return end
  m.methods = m.methods or {}
  m.methods[branch(msg)] = m.methods[branch(msg)] or msg.method
  if m.methods[branch(msg)] ~= msg.method then return false end
end })
on_again("MAT-N12", "no_copies", "what has no cookie has no copies", function(msg)
  if not branch(msg):find("^z9hG4bK") then return false end
end)
remembers("MAT-002", "any_number", { why = "without a branch the Call-ID alone matches", on_receive = function(msg)
  if msg.method == "INVITE" and branch(msg) == "none" and msg.cseq.number == 2 then return false end
end })
remembers("MAT-002b", "any_tag", { why = "without a branch any ACK will do", on_receive = function(msg, m)
  local said = m.said[call(msg) .. "INVITE"]
  if msg.method == "ACK" and branch(msg) == "none" and said and said.status > 299 then
    return msg:with { headers = { To = said:header("To") } }
  end
end })
remembers("MAT-003b", "one_branch", { why = "the ACKs of all calls have one branch", on_send = function(msg, m)
  if msg.method ~= "ACK" or ack_of_refusal(m, msg) then return end
  if m.ack and m.ack.call_id ~= msg.call_id then return msg:with { branch = branch(m.ack) } end
  m.ack = msg
end })
remembers("MAT-004", "merged", { why = "two requests of the bare cookie are one", on_receive = function(msg, m)
  if branch(msg) ~= "z9hG4bK" then return end
  if m.bare then return false end
  m.bare = true
end })
remembers("MAT-005", "merged", { why = "an INVITE by another way is a copy", on_receive = function(msg, m)
  if msg.method ~= "INVITE" or msg.to.tag or #msg.via > 1 then return end
  m.ways = m.ways or {}
  m.ways[call(msg)] = m.ways[call(msg)] or branch(msg)
  if m.ways[call(msg)] ~= branch(msg) then return msg:with { branch = m.ways[call(msg)] } end
end })

-- RFC 5393

mutant("MAT-009", "no_482", {
  why = "a loop is not told",
  on_send = function(msg) if msg:is("482 MESSAGE") and #msg.via > 2 then return false end end,
})
mutant("MAT-009b", "spiral", {
  why = "a spiral is taken for a loop",
  on_send = function(msg)
    if msg:is("404|480 MESSAGE") and #msg.via > 2 then return (msg.raw:gsub("^SIP/2.0 %d+", "SIP/2.0 482")) end
  end,
})
mutant("MAT-010", "none", {
  why = "no Max-Breadth is added",
  on_send = function(msg)
    if msg:is("MESSAGE [Max-Breadth]") and (msg:header("Max-Breadth") == "60" or msg:header("Max-Breadth") == "30") then
      return (msg.raw:gsub("\r\nMax%-Breadth:[^\r]*", ""))
    end
  end,
})
mutant("MAT-010b", "unshared", {
  why = "each phone gets the whole Max-Breadth, and one more",
  on_send = function(msg)
    if msg:is("MESSAGE [Max-Breadth]") and tonumber(msg:header("Max-Breadth")) < 5 then
      return msg:with { headers = { ["Max-Breadth"] = "5" } }
    end
  end,
  also = { ["MAT-N02"] = "it is not what was given, either" },
})
mutant("MAT-N02", "counted_down", {
  why = "Max-Breadth is counted down",
  on_send = function(msg)
    if msg:is("MESSAGE [Max-Breadth]") and msg:header("Max-Breadth") == "10" then
      return msg:with { headers = { ["Max-Breadth"] = "9" } }
    end
  end,
  also = { ["MAT-010b"] = "it is one scenario" },
})
mutant("MAT-010c", "no_440", {
  why = "too many phones are nobody's business",
  on_send = function(msg) if msg:is("440 MESSAGE") then return false end end,
})

-- What a proxy does with responses: RFC 3261 §16.7, RFC 6026 §7.
remembers("PRX-013", "copy_kept", { why = "a copy of a 200 goes no further", on_receive = function(msg, _, seen)
  if seen and #msg.via == 2 and msg:is("200 INVITE") and msg.time - seen < 1 then return false end
end, also = { ["CTI-016"] = "it is one scenario", ["CTI-015b"] = "it is one scenario" } })
remembers("PRX-023", "stray_on", { why = "a response to nobody goes on", on_receive = function(msg, m)
  if msg:is("200 OPTIONS") and branch(msg):find("stray") and #msg.via > 1 then return says(m, caller(msg), forwarded(msg)) end
end, also = { ["MAT-011"] = "it is one scenario" } })
remembers("PRX-024", "late_on", { why = "a 200 goes on behind 64*T1", on_receive = function(msg, m, seen)
  if not seen and #msg.via == 2 and msg:is("200 INVITE[To.tag = h]") and age(m, msg) > 35 then return says(m, caller(msg), forwarded(msg)) end
end })
remembers("PRX-019b", "not_anew", { why = "a 180 goes on, and timer C does not begin anew", on_receive = function(msg, m)
  if msg:is("180 INVITE") and #msg.via == 2 and msg:header("X-Count") == "2" and age(m, msg) > 100 then
    return says(m, caller(msg), forwarded(msg))
  end
end })
remembers("UAS-018", "told_481", { why = "an ACK out of the blue is a 481", on_receive = function(msg, m)
  if msg:is("ACK[To.tag = nobody]") then return says(m, sent_by(msg:header("Via")), sip.response(msg, 481)) end
end })
