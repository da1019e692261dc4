-- Recorded by sipwright record: 1 call.

-- 4 messages between 2 parties.
scenario("alice sends bob SUBSCRIBE", function(t)
  local alice = t:agent("alice")
  local bob = t:agent("bob")

  local subscription = alice:subscribe(bob, "presence", { expires = "0s" })
  local asked = bob:expect_subscribe("presence")
  asked:accept { expires = "0s", notify = false }
  subscription:expect(200)
  asked:notify("<presence/>", { state = "terminated", reason = "timeout", content_type = "application/pidf+xml" })
  subscription:expect_notify()

  t:flow [[
    alice->>bob: SUBSCRIBE [From.tag = $alice]
    bob->>alice: 200 SUBSCRIBE [To.tag = $bob]
    bob->>alice: NOTIFY [From.tag = $bob, To.tag = $alice]
    alice->>bob: 200 NOTIFY [To.tag = $alice]
  ]]
end)
