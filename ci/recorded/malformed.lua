-- Recorded by sipwright record: 1 call.

-- Lines end with CRLF, as SIP wants them.
local function lines(text)
  return (text:gsub("\n", "\r\n"))
end

-- {name} stands for a value, {length} for that of the body.
local function fill(text, values)
  text = text:gsub("{([%w_]+)}", values)
  local _, head = text:find("\r\n\r\n", 1, true)
  return (text:gsub("{length}", tostring(#text - (head or #text)), 1))
end

local function host(party)
  return (party.address:match("^%[?(.-)%]?:%d+$"))
end

-- 2 messages between 2 parties.
-- By wires: message 1, OPTIONS: it is malformed (quote).
scenario("alice sends server OPTIONS", function(t)
  local alice = t:wire("alice")
  local server = t:wire("server")
  local v = {
    server_host = host(server),
    alice = alice.address,
    alice_branch = sip.branch(),
    alice_host = host(alice),
    alice_tag = sip.tag(),
    call_id = sip.call_id(),
  }

  alice:send(server, fill(lines [[
OPTIONS sip:bob@{server_host} SIP/2.0
Via: SIP/2.0/UDP {alice};branch={alice_branch}
Max-Forwards: 70
From: <sip:alice@{alice_host}>;tag={alice_tag}
To: "nobody <
Call-ID: {call_id}
CSeq: 1 OPTIONS
Content-Length: 0

]], v))
  server:expect("OPTIONS")
  server:send(alice, fill(lines [[
SIP/2.0 400 Bad Request
Via: SIP/2.0/UDP {alice};branch={alice_branch}
From: <sip:alice@{alice_host}>;tag={alice_tag}
To: "nobody <;tag=bob-1-b368e2e4
Call-ID: {call_id}
CSeq: 1 OPTIONS
Content-Length: 0

]], v))
  alice:expect("400 OPTIONS")

  t:flow [[
    alice->>server: OPTIONS [From.tag = $alice]
    server->>alice: 400 OPTIONS
  ]]
end)
