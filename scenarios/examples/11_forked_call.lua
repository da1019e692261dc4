-- Two phones ring for one INVITE, and both are picked up. Each To tag makes a dialog of its own. The
-- caller keeps the first 200; it ACKs the second one too, and ends that leg with a BYE (RFC 3261
-- §13.2.2.4).

scenario("a forked call: two early dialogs, two answers", function(t)
  local alice, bob = t:agents("alice", "bob")

  local call  = alice:invite(bob)
  local desk  = bob:expect_invite()
  local phone = desk:fork()           -- a second leg, with a To tag of its own
  desk:ring()
  phone:ring()
  call:wait("early")
  t:sleep("1s")
  expect(#call:forks()):equals(2)

  desk:answer()
  desk:wait("confirmed")
  phone:answer()
  phone:wait("terminated")
  expect(phone.ended):equals("remote bye")
  expect(call.state):equals("confirmed")
  expect(desk.dialog.local_tag):never():equals(phone.dialog.local_tag)

  call:bye():response(200)
  desk:wait("terminated")
end)
