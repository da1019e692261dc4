-- Hostile and unlucky streams, by their numbers in the list of bad input. alice is the stack; the wire
-- writes what no stack would. Whatever happens to the wire's connection, alice answers the next one.

local start = "OPTIONS sip:alice@example.com SIP/2.0\r\n"
local head = "Via: SIP/2.0/TCP %s;branch=z9hG4bK%s\r\n" ..
  "From: <sip:w@example.com>;tag=1\r\nTo: <sip:alice@example.com>\r\n" ..
  "Call-ID: %s\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"

-- An OPTIONS of its own name; length: its row, else one that is right.
local function options(w, name, length, body)
  body = body or ""
  length = length or ("Content-Length: " .. #body .. "\r\n")
  return start .. head:format(w.address, name, name) .. length .. "\r\n" .. body
end

local function setup(t)
  return t:agent("alice", { transport = "tcp" }), t:wire("w", { transport = "tcp" })
end

local function alive(t, alice, w)
  w:connect(alice)
  w:write(options(w, "alive"))
  expect(w:expect("200 OPTIONS").call_id):equals("alive")
end

scenario("B29: a message may be split at every byte", function(t)
  local alice, w = setup(t)
  w:connect(alice)
  local bytes = options(w, "split", nil, "body")
  for at = 1, #bytes - 1 do
    local name = "split" .. at
    local message = options(w, name, nil, "body")
    w:write(message:sub(1, at))
    t:sleep("5ms")
    w:write(message:sub(at + 1))
    expect(w:expect("200 OPTIONS").call_id):equals(name)
  end
end)

scenario("B29: one byte in each segment", function(t)
  local alice, w = setup(t)
  t.net:segment("alice", "w", 1)
  w:connect(alice)
  w:write(options(w, "bytes", nil, "body"))
  w:expect("200 OPTIONS")
end)

scenario("B30: a hundred messages in one segment, the last one cut", function(t)
  local alice, w = setup(t)
  local all = {}
  for i = 1, 100 do
    all[i] = options(w, "n" .. i)
  end
  local text = table.concat(all)
  w:connect(alice)
  w:write(text:sub(1, -2))
  for i = 1, 99 do
    expect(w:expect("200 OPTIONS").call_id):equals("n" .. i)
  end
  w:expect_none("*", "1s")
  w:write(text:sub(-1))
  expect(w:expect("200 OPTIONS").call_id):equals("n100")
end)

for name, length in pairs {
  ["none"] = "", ["a negative one"] = "Content-Length: -1\r\n", ["a word"] = "Content-Length: five\r\n",
  ["two that differ"] = "Content-Length: 0\r\nl: 5\r\n", ["two that agree"] = "l: 0\r\nContent-Length: 0\r\n",
  ["a list"] = "Content-Length: 0, 0\r\n", ["more than 32 bits"] = "Content-Length: 4294967296\r\n",
  ["more than 64 bits"] = "Content-Length: 18446744073709551616\r\n", ["hexadecimal"] = "Content-Length: 0x0\r\n",
} do
  scenario("B03, B31, B32: Content-Length: " .. name .. ": what is pipelined behind never runs", function(t)
    local alice, w = setup(t)
    w:connect(alice)
    w:write(options(w, "before") .. options(w, "broken", length) .. options(w, "behind"))
    expect(w:expect("200 OPTIONS").call_id):equals("before")
    local answer = w:maybe("400 OPTIONS", { within = "1s" })
    local how = w:expect_close()
    expect(how):equals("fin")
    if answer then expect(answer.call_id):equals("broken") end
    w:expect_none("*", "1s")
    alive(t, alice, w)
  end)
end

scenario("B31: nor does what is behind a message that no stack may accept", function(t)
  local alice, w = setup(t)
  w:connect(alice)
  w:write(options(w, "broken"):gsub("CSeq: 1 OPTIONS", "CSeq: 1 INVITE") .. options(w, "behind"))
  expect(w:expect("400").call_id):equals("broken")
  expect((w:expect_close())):equals("fin")
  w:expect_none("*", "1s")
  alive(t, alice, w)
end)

scenario("B33: a body that ends too early, with a FIN", function(t)
  local alice, w = setup(t)
  local connection = w:connect(alice)
  w:write(options(w, "short", "Content-Length: 5\r\n", "abc"))
  t:sleep("10ms")
  connection:close()
  expect((connection:expect_close())):equals("fin")
  alive(t, alice, w)
end)

scenario("B33: a body that ends too early, with an RST", function(t)
  local alice, w = setup(t)
  local connection = w:connect(alice)
  w:write(options(w, "short", "Content-Length: 5\r\n", "abc"))
  t:sleep("10ms")
  connection:reset()
  alive(t, alice, w)
end)

scenario("B33: a body that never ends costs its connection after 32 seconds", { net = "sim" }, function(t)
  local alice, w = setup(t)
  local slow = w:connect(alice)
  slow:write(options(w, "short", "Content-Length: 100\r\n"))
  for _ = 1, 40 do -- it dribbles; that does not help
    t:sleep("1s")
    if slow.state == "open" then slow:write("x") end
  end
  expect((slow:expect_close())):equals("reset")
  expect(slow.state):equals("closed")
  alive(t, alice, w)
end)

scenario("B33: who connects and says nothing is let go after 32 seconds", { net = "sim" }, function(t)
  local alice, w = setup(t)
  local silent = w:connect(alice)
  expect((silent:expect_close { within = "40s" })):equals("reset")
  expect(t:now()):between(32, 33)
  alive(t, alice, w)
end)

scenario("B34: a header section without end", function(t)
  local alice, w = setup(t)
  local endless = w:connect(alice)
  endless:write(start .. ("X: " .. ("y"):rep(1021) .. "\r\n"):rep(65))
  expect((endless:expect_close())):one_of { "fin", "reset" }
  alive(t, alice, w)
end)

scenario("B35: two CRLFs are a ping, and one comes back", { covers = { "TRP-025" } }, function(t)
  local alice, w = setup(t)
  local connection = w:connect(alice)
  w:write("\r\n\r\n" .. options(w, "pinged"))
  w:expect("200 OPTIONS", { skip = true })
  expect(connection.bytes):at_least(2)
end)

scenario("a thousand CRLFs before a message are passed over", { covers = { "TRP-019" } }, function(t)
  local alice, w = setup(t)
  w:connect(alice)
  w:write(("\r\n"):rep(1000) .. options(w, "crlfs"))
  w:expect("200 OPTIONS")
end)

scenario("CRLFs inside a body are no ping", function(t)
  local alice, w = setup(t)
  local connection = w:connect(alice)
  w:write(options(w, "body", nil, "\r\n\r\n"))
  local answer = w:expect("200 OPTIONS")
  expect(connection.bytes):equals(#answer.raw)
end)

scenario("B35: a flood of pings costs its connection", function(t)
  local alice, w = setup(t)
  local flood = w:connect(alice)
  flood:write(("\r\n"):rep(100000))
  expect((flood:expect_close())):one_of { "fin", "reset" }
  alive(t, alice, w)
end)

scenario("B36: hundreds of idle connections do not keep others out", function(t)
  local alice, w = setup(t)
  for _ = 1, 300 do
    w:connect(alice)
  end
  alive(t, alice, w)
end)

scenario("who stops closes its connections, who crashes breaks them", function(t)
  local wire = t:wire("wire", { transport = "tcp" })
  local alice, bob = t:agents("alice", "bob", { transport = "tcp" })
  local idle, broken = wire:connect(alice), wire:connect(bob)
  t:sleep("100ms")
  alice:stop()
  expect((idle:expect_close())):equals("fin")
  bob:crash()
  expect((broken:expect_close())):equals("reset")
end)

scenario("B37: a storm of connections that are reset", function(t)
  local alice, w = setup(t)
  for i = 1, 100 do
    local connection = w:connect(alice)
    if i % 2 == 0 then t:sleep("3ms") end
    if i % 4 == 0 then connection:write(options(w, "storm" .. i)) end
    connection:reset()
  end
  t:sleep("50ms")
  w:ignore("200 OPTIONS")
  w:connect(alice)
  w:write(start .. head:format(w.address, "last", "last") .. "l: 0\r\n\r\n")
  t:sleep("50ms")
  expect(#t:messages('alice->>w: 200 OPTIONS [Call-ID = "last"]')):equals(1)
end)

scenario("B37: an RST between INVITE and its answer", { covers = { "TRP-014" } }, function(t)
  local alice, w = setup(t)
  local connection = w:connect(alice)
  w:send(alice, { method = "INVITE", uri = alice.uri, sdp = sip.sdp { address = w.address:match("^[^:]+") } })
  local leg = alice:expect_invite()
  connection:reset()
  t:sleep("10ms")
  leg:reject(486)                     -- by a connection of alice's, to the port in Via
  local answer = w:expect("486", { skip = true })
  w:send(alice, sip.ack(leg.request, answer))
end)

scenario("B38: who has sent a FIN still gets his answer", function(t)
  local alice, w = setup(t)
  local half = w:connect(alice)
  half:write(options(w, "half"))
  t:sleep("10ms")
  half:close()
  expect(w:expect("200 OPTIONS").call_id):equals("half")
  expect((half:expect_close())):equals("fin")
end)

scenario("B64: what is no SIP at all", function(t)
  local alice, w = setup(t)
  for _, bytes in ipairs { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00", "\0\0\0\0", "?" } do
    local connection = w:connect(alice)
    connection:write(bytes)
    expect((connection:expect_close())):one_of { "fin", "reset" }
  end
  w:ignore("*")
  alive(t, alice, t:wire("v", { transport = "tcp" }))
end)

scenario("an agent that keeps its connection alive gives it up without a pong", { net = "sim" }, function(t)
  local alice, w = t:agent("alice", { transport = "tcp", keepalive = "60s" }), t:wire("w", { transport = "tcp" })
  local tx = alice:options(w)
  local asked = w:expect("OPTIONS")
  w:reply(asked, 200)
  tx:response(200)
  local connection = w:expect_connect()
  t:sleep("61s")
  expect(connection.bytes):equals(#asked.raw + 4)
  connection:write("\r\n")
  t:sleep("30s")
  expect(connection.state):equals("open")
  expect((connection:expect_close { within = "60s" })):equals("reset") -- the second ping had no pong
  expect(t:now()):between(130, 131)
end)

-- A flow and a media port are numbered each by itself.
scenario("what comes by a connection is no media, whatever number that has", function(t)
  local alice = t:agent("alice", { transport = "tcp" })
  for i = 1, 6 do
    local w = t:wire("w" .. i, { transport = "tcp" })
    local call = alice:invite(w)
    w:reply(w:expect("INVITE"), 200, { to_tag = "w", contact = "<" .. w.uri .. ">", sdp = sip.sdp { address = w.address:match("^[^:]*") } })
    call:wait("confirmed")
    w:expect("ACK")
    call:bye()
    w:reply(w:expect("BYE"), 200)
    call:wait("terminated")
  end
  expect(alice.media_received):equals(0)
end)
