scenario("one passes", { tags = { "quick" } }, function(t)
  expect(1 + 1):equals(2)
  t:log("all is well")
end)

scenario("another passes", { tags = { "quick", "timer" } }, function(t)
  t:sleep("31.5s")
  expect(t:now()):equals(31.5)
end)
