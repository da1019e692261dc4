-- Half of all seeds fail.
scenario("depends on the seed", function(t)
  local drawn = math.random(1000000)
  t:log("drawn %d", drawn)
  expect(drawn):matches("[02468]$")
end)
