-- Devices that break one rule of MESSAGE, INFO or SIPS URIs: RFC 3428, 6086, 5630.

local function with(pattern, change)
  return function(msg) if msg:is(pattern) then return msg:with(change) end end
end
local function moved(pattern, from, to)
  return function(msg)
    local contact = msg:is(pattern) and msg:header("Contact")
    if contact then return msg:with { headers = { Contact = (contact:gsub(from, to)) } } end
  end
end

mutant("OPT-004", "says_where_it_is", {
  why = "a MESSAGE says where to answer",
  on_send = function(msg)
    if msg:is("MESSAGE") and #msg.via == 1 then return msg:with { headers = { Contact = "<sip:dut@192.0.2.8>" } } end
  end,
})

mutant("OPT-004b", "answers_with_contact", {
  why = "the 200 of a MESSAGE says where it is",
  on_send = with("200 MESSAGE", { headers = { Contact = "<sip:dut@192.0.2.8>" } }),
  also = { ["OPT-N01"] = "one scenario has both" },
})

mutant("OPT-N01", "answers_with_text", {
  why = "the 200 of a MESSAGE has a text of its own",
  on_send = with("200 MESSAGE", { body = "ok", headers = { ["Content-Type"] = "text/plain" } }),
  also = { ["OPT-004b"] = "one scenario has both" },
})

mutant("OPT-006", "takes_it_from_anybody", {
  why = "it takes an INFO of a call that it does not have",
  on_send = function(msg)
    if msg:is("481 INFO") and msg:header("To"):match("tag=nobody") then return msg:with { status = 200, reason = "OK" } end
  end,
  also = { ["DLG-012"] = "it takes it there, too", ["DLG-021"] = "likewise" },
})

mutant("OPT-006b", "takes_it_without_a_call", {
  why = "it takes an INFO of no call",
  on_send = function(msg)
    if msg:is("481 INFO") and not msg:header("To"):match("tag=nobody") then return msg:with { status = 200, reason = "OK" } end
  end,
})

mutant("OPT-N02", "says_recv_info_unasked", {
  why = "it says Recv-Info to who does not know it",
  on_send = with("2xx INVITE", { headers = { ["Recv-Info"] = "x" } }),
})

mutant("OPT-N03", "refuses_digits", {
  why = "it takes no INFO in a call",
  on_send = with("200 INFO", { status = 488, reason = "Not Acceptable Here" }),
})

mutant("TLS-017", "names_tls", {
  why = "its Contact has transport=tls",
  on_send = moved("INVITE", "(<sips:[^>]*)>", "%1;transport=tls>"),
})

local asked
mutant("TLS-023", "knows_no_sips", {
  why = "a SIPS URI is of a scheme that it does not know",
  on_receive = function(msg) if msg:is("OPTIONS") and tostring(msg.uri):match("^sips:") then asked = true end end,
  on_send = function(msg)
    if asked and msg:is("200 OPTIONS") then return msg:with { status = 416, reason = "Unsupported URI Scheme" } end
  end,
  also = { ["TLS-002"] = "it is asked by a SIPS URI, too", ["TLS-024"] = "likewise", ["TLS-026b"] = "likewise" },
})

mutant("DLG-N02", "sip_contact", {
  why = "who was called by SIPS says where by SIP",
  on_send = moved("1xx|2xx INVITE", "sips:", "sip:"),
})

mutant("UAC-006", "calls_with_sip_contact", {
  why = "who calls by SIPS says where by SIP",
  on_send = moved("INVITE", "sips:", "sip:"),
  also = { ["TLS-018"] = "the monitor sees it there, too", ["TLS-018b"] = "likewise", ["TLS-022"] = "likewise", ["TLS-017"] = "likewise" },
})
