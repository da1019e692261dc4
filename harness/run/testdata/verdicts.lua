scenario("asserts nothing", function(t)
  t:log("nothing at all")
end)

scenario("is skipped", { skip = "ticket 7" }, function(t)
  expect(1):equals(2)
end)

scenario("fails as foreseen", { xfail = "ticket 8" }, function(t)
  expect(1):equals(2)
end)

scenario("passes against all foresight", { xfail = "ticket 9" }, function(t)
  expect(1):equals(1)
end)

scenario("misspells a method", function(t)
  t:sleeep("1s")
end)

scenario("names what is not there", function(t)
  expct(1):equals(1)
end)

scenario("raises", function(t)
  error("something broke")
end)

scenario("is swallowed", function(t)
  pcall(function() expect(1):equals(2) end)
end)

scenario("lacks a precondition", function(t)
  t:given(function() expect(1):equals(2) end)
end)

scenario("draws no diagram", function(t)
  t:agents("alice", "bob")
  t:flow [[
    alice->>bob: INVIT
  ]]
end)

scenario("hangs up twice", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  bob:expect_invite():answer()
  call:wait("confirmed")
  call:bye()
  call:wait("terminated")
  call:bye()
end)
