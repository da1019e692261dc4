-- A blind transfer (RFC 5589 §6): bob is told to call carol, and says what becomes of it. The REFER makes a
-- subscription by itself; its NOTIFYs carry a status line (RFC 3515). The call goes on until somebody ends it.

scenario("alice transfers bob to carol", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")

  local transfer = call:refer(carol)
  local asked    = leg:expect_refer()
  asked:accept()
  local new   = asked:follow()                 -- bob calls carol
  local third = carol:expect_invite{ from = bob }
  third:ring()
  transfer:expect_notify("180")
  third:answer()
  new:wait("confirmed")
  transfer:expect_notify("200")
  transfer:wait("terminated")
  expect(transfer.reason):equals("noresource") -- RFC 3515 §2.4.7

  call:bye():response(200)                     -- only now, and by whom transferred
  leg:wait("terminated")
  expect(new.state):equals("confirmed")
end)
