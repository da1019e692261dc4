-- Devices that lose their way back, follow what they are told blindly, or let time pass unused.
local hooks = require("_mutants/_hooks")

-- Ways, RFC 3261 §18
local function by_name(transport)
  return function(msg)
    local via = msg:is("200 INVITE") and msg.via[1]
    if via and via.host == "host.invalid" and via.transport == transport then return false end
  end
end
mutant("TRP-014", "connection_gone", { why = "an answer is lost with its connection", on_send = by_name("TCP") })
mutant("TRP-N10", "connection_gone", { why = "an answer is lost with its TLS connection", on_send = by_name("TLS") })
mutant("TRP-005b", "other_connection", {
  why = "an answer on another connection is not taken",
  on_receive = function(msg) if msg:is("486 INVITE") and msg.to.tag == "back" then return false end end,
})
mutant("IP6-009", "no_received", {
  why = "a source of IPv6 is not put beside a name",
  on_send = function(msg)
    local via = msg.status and msg:header("Via")
    if via and via:find("host.invalid", 1, true) and via:find("received=%[?%x*:") then
      return (msg.raw:gsub(";received=[^;,\r]*", "", 1))
    end
  end,
})

-- What a Contact brings, RFC 3261 §19.1.5
local function blindly(row, name, value)
  mutant(row, "taken", {
    why = "a Contact's " .. name .. " becomes the INVITE's",
    on_send = function(msg)
      if msg:is("INVITE") and msg.uri.user == row then return msg:with { headers = { [name] = value } } end
    end,
  })
end
blindly("MSG-023", "Record-Route", "<sip:evil.invalid>")
blindly("MSG-023b", "Route", "<sip:evil.invalid;lr>")
blindly("MSG-N10", "User-Agent", "evil")

-- Ringing, RFC 3261 §13.3
mutant("UAS-019", "once", { why = "it says but once that it rings", on_send = hooks.own(hooks.once("180 INVITE [!RSeq]")),
  also = { ["MAT-002"] = "a copy of its INVITE hears nothing" } })
mutant("UAS-020", "expires_unread", {
  why = "an INVITE never expires", on_receive = hooks.without("INVITE [Expires]", "Expires") })
mutant("INV-014b", "no_warning", { why = "a 488 does not say why", on_send = hooks.without("488 INVITE", "Warning") })

-- Proofs, RFC 3261 §22
local asked = {} -- calls of which credentials were asked
local function ack_lost(row, pattern, why, also)
  mutant(row, "ack_lost", {
    why = why,
    on_send = function(msg) if msg:is("407 INVITE") then asked[msg.call_id] = true end end,
    on_receive = function(msg) if msg:is(pattern) and asked[msg.call_id] then return false end end,
    also = also,
  })
end
ack_lost("UAS-017b", "ACK [!Proxy-Authorization]", "an ACK without credentials is not let through")
ack_lost("UAS-N06", "ACK [Proxy-Authorization]", "the credentials of an ACK are a replay to it",
  { ["AUT-N02"] = "its scenario waits for that ACK" })
mutant("AUT-015b", "other_hash", {
  why = "the proof of a BYE is not of the empty body",
  on_send = hooks.gsub('BYE [Authorization ~ "auth-int"]', 'response="..', 'response="00'),
})

-- Proxies, RFC 3261 §16.10, RFC 4028 §8
mutant("CAN-012", "dropped", { why = "a CANCEL of what it does not know is dropped", on_send = hooks.silent("CANCEL [Via[2]]"),
  also = { ["PRX-022b"] = "a proxy without a memory drops it, too" } })
mutant("STM-009c", "too_low", {
  why = "an interval is lowered below Min-SE",
  on_send = hooks.with("INVITE [Via[2], Session-Expires, Min-SE = 300]", { headers = { ["Session-Expires"] = "60" } }),
})
mutant("STM-009d", "min_se", {
  why = "a Min-SE is put in where the caller knows timers",
  on_send = hooks.with("INVITE [Via[2], Session-Expires, Supported = timer, !Min-SE]", { headers = { ["Min-SE"] = "90" } }),
})
local heard = {} -- branches that brought a 100
mutant("CAN-011b", "ringing_only", {
  why = "who said no more than 100 is not told of a CANCEL",
  on_receive = function(msg)
    local branch = msg.status and msg.via and #msg.via > 1 and msg.via[1].branch
    if branch and msg.status == 100 then heard[branch] = true end
  end,
  on_send = function(msg) if msg:is("CANCEL") and msg.via and heard[msg.via[1].branch] then return false end end,
})
mutant("DLG-025c", "unread", {
  why = "Replaces in an OPTIONS is passed over", on_receive = hooks.without("OPTIONS [Replaces]", "Replaces") })
mutant("TLS-N01", "bound", {
  why = "a SIPS Contact is bound where its way is not secure",
  on_receive = function(msg)
    if msg:is("REGISTER [Contact ~ \"^<sips:\"]") then return (msg.raw:gsub("<sips:", "<sip:", 1)) end
  end,
})
