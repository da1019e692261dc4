-- A call is picked up at another phone (RFC 3891 §7.1, RFC 5359 §2.16): bill answers what rings at bob's. He
-- replaces the early dialog at the caller's, who takes bill's call and cancels the one to bob.

scenario("bill picks up a call that rings at bob's", function(t)
  local alice, bob, bill = t:agents("alice", "bob", "bill")

  local call = alice:invite(bob)
  local leg  = bob:expect_invite()
  leg:ring()
  call:wait("early")

  local pickup = bill:invite(alice, { replaces = leg, early_only = true })
  local picked = alice:expect_invite{ replaces = call }
  picked:answer()
  pickup:wait("confirmed")
  call:wait("terminated")
  expect(call.ended):equals("cancelled")
  leg:wait("terminated")

  pickup:bye():response(200)
  picked:wait("terminated")
end)
