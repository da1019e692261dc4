-- As many scenarios as a large suite has: some 12 messages of about a kilobyte each, and every fortieth of them fails.
local function call_once(t, number)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob, { headers = { ["X-Filler"] = ("a word or two; "):rep(20) } })
  local callee = bob:expect_invite()
  callee:ring()
  callee:answer()
  call:wait("confirmed")
  alice:options(bob):response(200)
  bob:options(alice):response(200)
  call:bye():response(200)
  expect(number % 40, "rest"):never():equals(0)
end

for number = 1, 1000 do
  scenario(("call %d of a thousand"):format(number), { tags = { "load" } }, function(t) call_once(t, number) end)
end
