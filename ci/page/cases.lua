-- What the page is looked at with: a call that passes, many parties, a call that fails, one over a bad link, hooks, a log
-- and what is attached, skips, a flaky one, and a peer who would like to take the page over.
scenario("a call that passes", { covers = { "CTI-001" }, tags = { "good" } }, function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():answer()
  call:wait("confirmed")
  call:bye():response(200)
end)

scenario("a question to each of four", function(t)
  local alice = t:agent("alice")
  for _, name in ipairs { "bob", "carol", "dave", "erin" } do
    alice:options(t:agent(name)):response(200)
  end
end)

scenario("a callee who never rings", { covers = { "CTI-002" } }, function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():reject(486)
  call:expect(180, { within = "2s" })
end)

scenario("a link that loses all", { covers = { "TRP-001" } }, function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:partition("alice", "bob")
  local call = alice:invite(bob)
  call:wait("confirmed", { within = "40s" })
end)

scenario("what a hook changes, and a log", { tags = { "hooks" } }, function(t)
  local alice, bob = t:agents("alice", "bob")
  t:step("alice asks, and says what she is not")
  alice:on_send(function(message) return message:with { headers = { ["User-Agent"] = "no phone at all" } } end)
  bob:on_receive(function(message) return message:with { headers = { Subject = "read </pre><script>pwned=1</script>" } } end)
  alice:options(bob):response(200)
  t:log("the answer came <script>pwned=1</script> after %s", "a while")
  t:attach("notes.txt", "one line\r\n\0 and \u{202e} another", "text/plain")
  t:attach("</script><b>.svg", "<svg onload=pwned=1><script>pwned=1</script></svg>", "image/svg+xml")
  expect.soft(2, "how many"):equals(3)
  expect.soft("sip:alice", "contact"):matches("^sips:")
end)

scenario("it holds at the second try", { retries = 1 }, function(t)
  local alice, bob = t:agents("alice", "bob")
  alice:options(bob):response(200)
  expect(t.seed, "the seed"):never():equals(7)
end)

scenario("nobody has a reason to run this", function(t) t:skip("no gruu here") end)
scenario("nor this", function(t) t:skip("no gruu here") end)

scenario("a </script><img src=x onerror=pwned=1> name", function(t)
  local alice, mallory = t:agent("alice"), t:wire("mallory")
  local bytes = {}
  for byte = 0, 255 do bytes[#bytes + 1] = string.char(byte) end
  mallory:send(alice, table.concat({
    "OPTIONS sip:alice@10.0.0.1 SIP/2.0",
    "Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK-</script><script>window.pwned=1</script>",
    "From: \"]]><svg onload=pwned=1>\" <sip:m@example.com>;tag=1",
    "To: <sip:alice@example.com>",
    "Call-ID: x\u{202e}\u{2066}\\r\\n\\x00-y",
    "CSeq: 1 OPTIONS",
    "X-Long: " .. ("<b onclick=pwned=1>"):rep(3400),
    "Content-Length: 256", "", table.concat(bytes),
  }, "\r\n"))
  t:sleep("1s")
  expect("</style><script>window.pwned=1</script>"):equals("\u{2028}--><!--")
end)
