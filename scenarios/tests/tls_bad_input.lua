-- What a TLS or WebSocket listener meets from who means no good, or knows no better: B64 to B67 of the
-- bad-input list. Each costs the other side its connection, and nobody else anything.

local plain = "OPTIONS sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/TCP 10.9.9.9;branch=z9hG4bK1\r\n\r\n"
local http  = "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"

local function still_there(t, bob, transport)
  t:agent("alice", { transport = transport }):options(bob):response(200)
end

for _, case in ipairs {
  { "plain SIP", "tls", plain }, { "HTTP", "tls", http }, { "plain SIP", "wss", plain },
  { "plain SIP", "ws", plain }, { "HTTP", "ws", http }, { "HTTP", "tcp", http },
  { "a TLS record that is too long", "tls", "\x16\x03\x01\xff\xff\x01\x00\x00" .. ("x"):rep(1000) },
  { "256 KiB of a handshake", "tls", ("\x16\x03\x01\x00\x04\x0e\x00\x00\x00"):rep(30000) },
  { "an endless HTTP head", "ws", "GET / HTTP/1.1\r\n" .. ("X-Y: z\r\n"):rep(20000) },
} do
  local what, transport, bytes = case[1], case[2], case[3]
  scenario("B64: " .. what .. " to " .. transport, function(t)
    local bob = t:agent("bob", { transport = transport })
    local w = t:wire("w", { transport = "tcp" })
    w:ignore("*")                             -- an HTTP 400
    w:connect("sip:" .. bob.address .. ";transport=tcp"):write(bytes)
    w:expect_close()
    expect(#t:messages("w->>bob: OPTIONS")):equals(0)
    still_there(t, bob, transport)
  end)
end

scenario("B64: TLS to a plain port", function(t)
  local bob = t:agent("bob", { transport = "tcp" })
  local w = t:wire("w", { transport = "tls" })
  local connection = w:connect("sips:" .. bob.address)
  connection:expect_close()
  expect(connection.tls.version):is_nil()
  still_there(t, bob, "tcp")
end)

for _, transport in ipairs { "tls", "ws", "wss" } do
  scenario("B65: " .. transport .. ", and silence", function(t)
    local bob = t:agent("bob", { transport = transport })
    local w = t:wire("w", { transport = "tcp" })
    w:connect("sip:" .. bob.address .. ";transport=tcp")
    w:expect_close { within = "30s" }
    still_there(t, bob, transport)
  end)

  scenario("B65: " .. transport .. ", a byte each second", function(t)
    local bob = t:agent("bob", { transport = transport })
    local w = t:wire("w", { transport = "tcp" })
    local connection = w:connect("sip:" .. bob.address .. ";transport=tcp")
    local hello = transport == "ws" and http or "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    t:spawn(function()
      for i = 1, #hello do
        if connection.state ~= "open" then break end
        connection:write(hello:sub(i, i))
        t:sleep("1s")
      end
    end)
    connection:expect_close { within = "30s" }
    t:all()
    still_there(t, bob, transport)
  end)

  scenario("B65: " .. transport .. ", closed in the middle of a message", function(t)
    local bob = t:agent("bob", { transport = transport })
    local w = t:wire("w", { transport = transport })
    local connection = w:connect(bob)
    t:sleep("100ms")
    if transport == "tls" then
      connection:write("OPTIONS sip:bob@example.com SIP/2.0\r\nContent-Length: 5\r\n\r\nab")
    end
    connection:reset()
    t:sleep("1s")
    expect(#t:messages("w->>bob: *")):equals(0)
    still_there(t, bob, transport)
  end)
end

-- CVE-2020-15260: a connection proves one domain, and is for that one alone.
scenario("B67: two domains at one address are two connections", function(t)
  local alice = t:agent("alice", { transport = "tls" })
  local bob = t:agent("bob", { transport = "tls",
    tls = { cert = sip.certificate { san = { "sip:one.example", "sip:two.example" } } } })
  local host = bob.address:match("^[^:]+")
  t.net:dns { ["one.example"] = { a = host }, ["two.example"] = { a = host }, ["three.example"] = { a = host } }

  local ports, port = {}, bob.address:match(":(%d+)$") or "5061"
  for _, domain in ipairs { "one.example", "two.example", "one.example" } do
    alice:options("sips:bob@" .. domain .. ":" .. port):response(200)
  end
  for _, msg in ipairs(t:messages("alice->>bob: OPTIONS")) do ports[#ports + 1] = msg.source:match("%d+$") end
  expect(#ports):equals(3)
  expect(ports[1] == ports[2]):equals(false)
  expect(ports[3]):equals(ports[1])
  alice:options("sips:bob@three.example:" .. port):response("unreachable")
end)
