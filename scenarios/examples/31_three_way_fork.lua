-- One user, three phones: the proxy rings all of them, passes the first answer on, and cancels the
-- others (RFC 3261 §16.7 item 10). Their 487 end with the proxy.

scenario("three phones ring, one is picked up, two are cancelled", function(t)
  local desk, mobile, home = t:agents("desk", "mobile", "home")
  local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = { desk, mobile, home } } })
  local alice = t:agent("alice", { outbound = proxy })

  local call = alice:invite("sip:bob@example.com")
  local at_desk, in_pocket, at_home = desk:expect_invite(), mobile:expect_invite(), home:expect_invite()
  at_desk:ring()
  in_pocket:ring()
  at_home:ring()
  t:sleep("100ms")
  expect(#call:forks()):equals(3)         -- an early dialog for each To tag

  in_pocket:answer()
  in_pocket:wait("confirmed")
  expect(at_desk:expect("CANCEL"):header("Reason")):contains("Call completed elsewhere")
  at_desk:wait("terminated")
  at_home:wait("terminated")
  expect(at_desk.ended):equals("cancelled")
  in_pocket:bye():response(200)

  t:flow([[
    proxy->>desk: CANCEL
    desk->>proxy: 200 CANCEL
    desk->>proxy: 487 INVITE
    proxy->>desk: ACK
    proxy->>home: CANCEL
    home->>proxy: 200 CANCEL
    home->>proxy: 487 INVITE
    proxy->>home: ACK
    proxy->>alice: 200 INVITE
  ]], { interleave = true, loose = true })
end)
