-- An attended transfer (RFC 5589 §7): alice has bob on hold and talks to carol; then bob's new call takes the
-- place of that talk, by the Replaces in the Refer-To (RFC 3891). Carol's old call ends by itself.

scenario("alice transfers bob to carol, whom she has asked", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  call:hold():response(200)

  local talk  = alice:invite(carol)
  local asked = carol:expect_invite{ from = alice }
  asked:answer()
  talk:wait("confirmed")

  local transfer = call:refer(carol, { replaces = talk })
  local refer    = leg:expect_refer()
  refer:accept()
  local new   = refer:follow()
  local third = carol:expect_invite{ replaces = asked }
  third:answer()
  new:wait("confirmed")
  asked:wait("terminated")                     -- carol has hung up on alice
  talk:wait("terminated")
  expect(talk.ended):equals("remote bye")
  transfer:expect_notify("200")

  call:bye():response(200)
  expect(new.state):equals("confirmed")
end)
