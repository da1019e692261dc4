-- example.com is two servers, and the first one is down: the caller goes on to the second by itself
-- (RFC 3263 §4.3), with the same request and another branch. Its port stands in the SRV record; a
-- number would do as well, but over real sockets it is another one each time.

scenario("a call goes to the second server when the first is down", function(t)
  local alice, first, second = t:agents("alice", "first", "second")
  t.net:dns {
    ["_sip._udp.example.com"] = { srv = { { 10, 1, first, "a.example.com" },
                                          { 20, 1, second, "b.example.com" } } },
    ["a.example.com"] = { a = first },
    ["b.example.com"] = { a = second },
  }
  t.net:refuse("first")                            -- ICMP: nobody listens there

  local call = alice:invite("sip:bob@example.com")
  local leg = second:expect_invite()
  leg:answer()
  call:wait("confirmed")
  call:bye():response(200)

  expect(leg.request.uri.host):equals("example.com")
  t:flow [[
    alice-xfirst: INVITE [CSeq = "1 INVITE", Call-ID = $id, Via.branch = $branch]
    alice->>second: INVITE [CSeq = "1 INVITE", Call-ID = $id]
    second->>alice: 200 INVITE
    alice->>second: ACK
    alice->>second: BYE
    second->>alice: 200 BYE
  ]]
end)

-- A server that says 503 is passed over, too. What it answered is ACKed where it came from, and the
-- CANCEL goes where the INVITE went.
scenario("503 leads to the next server, and CANCEL follows the INVITE", function(t)
  local alice, first, second = t:agents("alice", "first", "second")
  t.net:dns {
    ["_sip._udp.example.com"] = { srv = { { 10, 1, first, "a.example.com" },
                                          { 20, 1, second, "b.example.com" } } },
    ["a.example.com"] = { a = first },
    ["b.example.com"] = { a = second },
  }

  local call = alice:invite("sip:bob@example.com")
  first:expect_invite():reject(503)
  local leg = second:expect_invite()
  leg:ring()
  call:wait("early")
  call:cancel()
  call:wait("terminated")

  expect(call.ended):equals("cancelled")
  t:flow [[
    alice->>first: INVITE [Via.branch = $one]
    first->>alice: 503 INVITE
    alice->>first: ACK [Via.branch = $one]
    alice->>second: INVITE [Via.branch = $two]
    second->>alice: 180
    alice->>second: CANCEL [Via.branch = $two]
    second->>alice: 200 CANCEL
    second->>alice: 487 INVITE
    alice->>second: ACK [Via.branch = $two]
  ]]
end)

-- Nobody answers at all: after 64*T1 the next one is tried.
scenario("a silent server is given up after 32 seconds", { net = "sim" }, function(t)
  local alice, first, second = t:agents("alice", "first", "second")
  t.net:dns {
    ["_sip._udp.example.com"] = { srv = { { 10, 1, first, "a.example.com" },
                                          { 20, 1, second, "b.example.com" } } },
    ["a.example.com"] = { a = first },
    ["b.example.com"] = { a = second },
  }
  t.net:blackhole("first")
  alice:options("sip:example.com"):response(200, { within = "40s" })
  expect(t:now()):between(32, 32.01)
  t:flow [[
    alice-xfirst: OPTIONS x11
    alice->>second: OPTIONS
    second->>alice: 200 OPTIONS
  ]]
end)
