-- What on_send cannot reach, `breaks` can: an agent whose stack does all by the book but one rule.
-- So a device can be shown what it will meet in the field, and be asked to cope.

scenario("a second final response is not heard", function(t)
  local alice = t:agent("alice")
  local bob   = t:agent("bob", { breaks = { "answers-twice" } })

  local call = alice:invite(bob)
  bob:expect_invite():answer()
  call:expect(200)
  call:wait("confirmed")              -- the 500 behind it is nobody's any more
  call:bye():response(200)

  t:flow [[
    alice->>bob: INVITE
    bob->>alice: 200 INVITE
    bob->>alice: 500 INVITE
    alice->>bob: ACK
    alice->>bob: BYE
    bob->>alice: 200 BYE
    bob->>alice: 500 BYE
  ]]
end)

scenario("a branch that was used before makes a request invisible", { net = "sim" }, function(t)
  -- net = "sim": 32 seconds until alice gives up.
  local alice = t:agent("alice", { breaks = { "branch-reused" } })
  local bob   = t:agent("bob")

  alice:message(bob, "one")
  bob:expect_request("MESSAGE"):respond(200)
  t:sleep("1s")
  alice:message(bob, "two")           -- to bob a copy of the first one: he repeats his answer
  bob:expect_none("MESSAGE", "5s")
end)
