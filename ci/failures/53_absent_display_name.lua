local function name_of(message)
  return message.from.display .. "!"
end

scenario("a display name is absent", function(t)
  local alice, bob = t:agents("alice", "bob")
  local response = alice:options(bob):response(200)
  expect(name_of(response)):equals("Alice!")
end)
