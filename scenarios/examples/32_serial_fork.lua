-- Three phones one after another, by q: the desk does not answer and is cancelled when Timer C fires,
-- the mobile is busy, and at home somebody picks up (RFC 3261 §16.6, §16.8). Timer C is three minutes
-- at least; this proxy has less patience.

scenario("phones ring one after another until one answers", function(t)
  local desk, mobile, home = t:agents("desk", "mobile", "home")
  local proxy = t:proxy("proxy", {
    domain = "example.com", fork = "serial", timers = { C = "2s" },
    routes = { bob = { { home, q = 0.1 }, { desk, q = 1 }, { mobile, q = 0.5 } } },
  })
  local alice = t:agent("alice", { outbound = proxy })

  local call = alice:invite("sip:bob@example.com")
  local first = desk:expect_invite()
  first:wait("terminated", { within = "5s" })
  expect(first.ended):equals("cancelled")
  mobile:expect_invite():reject(486)
  home:expect_invite():answer()
  call:wait("confirmed")

  t:flow([[
    proxy->>desk: INVITE
    proxy->>desk: CANCEL
    desk->>proxy: 487 INVITE
    proxy->>mobile: INVITE
    mobile->>proxy: 486
    proxy->>home: INVITE
    home->>proxy: 200 INVITE
  ]], { loose = true })
end)
