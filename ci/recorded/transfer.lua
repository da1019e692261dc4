-- Recorded by sipwright record: 2 calls.

-- 13 messages between 2 parties.
scenario("alice calls bob", function(t)
  local alice = t:agent("alice")
  local bob = t:agent("bob")

  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  local refer = call:refer("sip:carol@10.0.0.3")
  local asked = leg:expect_refer()
  asked:accept { notify = false }
  refer:response(200)
  asked:notify("100")
  refer:expect_notify("100")
  asked:notify("180")
  refer:expect_notify("180")
  asked:notify("200")
  refer:expect_notify("200")
  call:bye():response(200)

  t:flow [[
    alice->>bob: INVITE [From.tag = $alice]
    bob->>alice: 200 INVITE [To.tag = $bob]
    alice->>bob: ACK [From.tag = $alice, To.tag = $bob]
    alice->>bob: REFER [From.tag = $alice, To.tag = $bob]
    bob->>alice: 200 REFER [To.tag = $bob]
    bob->>alice: NOTIFY [From.tag = $bob, To.tag = $alice]
    alice->>bob: 200 NOTIFY [To.tag = $alice]
    bob->>alice: NOTIFY [From.tag = $bob, To.tag = $alice]
    alice->>bob: 200 NOTIFY [To.tag = $alice]
    bob->>alice: NOTIFY [From.tag = $bob, To.tag = $alice]
    alice->>bob: 200 NOTIFY [To.tag = $alice]
    alice->>bob: BYE [From.tag = $alice, To.tag = $bob]
    bob->>alice: 200 BYE [To.tag = $bob]
  ]]
end)

-- 6 messages between 2 parties.
scenario("bob calls carol", function(t)
  local bob = t:agent("bob")
  local carol = t:agent("carol")

  local call = bob:invite(carol)
  local leg = carol:expect_invite()
  leg:ring()
  call:expect(180)
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  call:bye():response(200)

  t:flow [[
    bob->>carol: INVITE [From.tag = $bob]
    carol->>bob: 180 INVITE [To.tag = $carol]
    carol->>bob: 200 INVITE [To.tag = $carol]
    bob->>carol: ACK [From.tag = $bob, To.tag = $carol]
    bob->>carol: BYE [From.tag = $bob, To.tag = $carol]
    carol->>bob: 200 BYE [To.tag = $carol]
  ]]
end)
