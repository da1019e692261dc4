scenario("a loops for ever", function(t)
  while true do end
end)

scenario("b loops for ever in a pcall", function(t)
  while true do pcall(function() while true do end end) end
end)

scenario("c wants all memory", function(t)
  expect(#string.rep("x", 1000000000)):equals(1)
end)

scenario("d fills all memory", function(t)
  local all = {}
  while true do all[#all + 1] = string.rep("x", 1000000) .. #all end
end)

scenario("e raises in a task that nobody waits for", function(t)
  t:spawn(function() error("lost") end)
  t:sleep("1s")
  expect(1):equals(1)
end)

scenario("f passes after all of them", function(t)
  expect(1):equals(1)
end)
