#!/usr/bin/env lua5.4
-- ci/benchmarks/packets.lua CALLS FILE: a capture of so many calls, ten packets each, a hundred calls a second:
-- for what reads captures. Each call is set up, put on hold and ended as the RFCs have it, with identifiers, tags and
-- branches of its own, so that a reader finds nothing wrong and nothing twice. pcap with times in nanoseconds, raw IP.

local calls, path = tonumber(arg[1]), arg[2]
local file = assert(io.open(path, "wb"))
local BEGIN_S, INTERVAL_NS = 1700000000, 10000000

local function sdp(user, host, version, direction)
  return table.concat({ "v=0", ("o=%s 20518 %d IN IP4 %s"):format(user, version, host), "s=-",
    "c=IN IP4 " .. host, "t=0 0", "m=audio 49172 RTP/AVP 0 8 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=" .. direction, "" }, "\r\n")
end

local A, B = "192.0.2.1", "192.0.2.2"
local FROM_ALICE = "From: Alice <sip:alice%06d@example.com>;tag=a%08x\r\n"
local TO_BOB = "To: Bob <sip:bob%06d@example.com>%s\r\n"
local HEAD = "Call-ID: %08x-6bd1-4ae6@" .. A .. "\r\nCSeq: %d %s\r\n"
local MORE = "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nSupported: 100rel, timer\r\nUser-Agent: packets/1.0\r\n"

local function body_of(text)
  if text == "" then return "Content-Length: 0\r\n\r\n" end
  return "Content-Type: application/sdp\r\nContent-Length: " .. #text .. "\r\n\r\n" .. text
end

local function ends(k, tagged)
  return FROM_ALICE:format(k, k) .. TO_BOB:format(k, tagged and (";tag=b%08x"):format(k) or "")
end

local function request(method, number, branch, tagged, body)
  return function(k)
    local uri = tagged and ("sip:bob%06d@%s:5060"):format(k, B) or ("sip:bob%06d@example.com"):format(k)
    return ("%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s:5060;branch=z9hG4bK%s%08x\r\nMax-Forwards: 70\r\n"):format(
      method, uri, A, branch, k) .. ends(k, tagged) .. HEAD:format(k, number, method)
      .. (method == "INVITE" and ("Contact: <sip:alice%06d@%s:5060>\r\n"):format(k, A) or "")
      .. (method == "INVITE" and MORE or "") .. body_of(body)
  end
end

local function response(status, method, number, branch, tagged, body)
  return function(k)
    return ("SIP/2.0 %s\r\nVia: SIP/2.0/UDP %s:5060;branch=z9hG4bK%s%08x\r\n"):format(status, A, branch, k)
      .. ends(k, tagged) .. HEAD:format(k, number, method)
      .. (method == "INVITE" and tagged and ("Contact: <sip:bob%06d@%s:5060>\r\n"):format(k, B) or "")
      .. (body ~= "" and MORE or "") .. body_of(body)
  end
end

local offer, answer = sdp("alice", A, 1, "sendrecv"), sdp("bob", B, 1, "sendrecv")
local hold, held = sdp("alice", A, 2, "sendonly"), sdp("bob", B, 2, "recvonly")
-- when it goes, in ns after the call's beginning; does the caller send it; how it is made
local steps = {
  { 0, true, request("INVITE", 1, "i", false, offer) },
  { 1100000, false, response("100 Trying", "INVITE", 1, "i", false, "") },
  { 21000000, false, response("180 Ringing", "INVITE", 1, "i", true, "") },
  { 2040000000, false, response("200 OK", "INVITE", 1, "i", true, answer) },
  { 2043000000, true, request("ACK", 1, "k", true, "") },
  { 6400000000, true, request("INVITE", 2, "h", true, hold) },
  { 6402000000, false, response("200 OK", "INVITE", 2, "h", true, held) },
  { 6405000000, true, request("ACK", 2, "l", true, "") },
  { 9300000000, true, request("BYE", 3, "b", true, "") },
  { 9301000000, false, response("200 OK", "BYE", 3, "b", true, "") },
}

local ip_a, ip_b = string.pack("BBBB", 192, 0, 2, 1), string.pack("BBBB", 192, 0, 2, 2)
local number = 0
local function packet_write(at_ns, from_a, text)
  number = number + 1
  local from, to = from_a and ip_a or ip_b, from_a and ip_b or ip_a
  local len = 28 + #text
  file:write(string.pack("<I4I4I4I4", BEGIN_S + at_ns // 1000000000, at_ns % 1000000000, len, len),
    string.pack(">BBI2I2I2BBI2", 0x45, 0, len, number & 0xffff, 0x4000, 64, 17, 0), from, to,
    string.pack(">I2I2I2I2", 5060, 5060, len - 20, 0), text)
end

file:write(string.pack("<I4I2I2I4I4I4I4", 0xa1b23c4d, 2, 4, 0, 0, 262144, 101))
local next_call = {}
for i = 1, #steps do next_call[i] = 0 end
for _ = 1, calls * #steps do
  local first, first_ns
  for i, step in ipairs(steps) do
    local at_ns = next_call[i] * INTERVAL_NS + step[1]
    if next_call[i] < calls and (first == nil or at_ns < first_ns) then first, first_ns = i, at_ns end
  end
  packet_write(first_ns, steps[first][2], steps[first][3](next_call[first]))
  next_call[first] = next_call[first] + 1
end
file:close()
