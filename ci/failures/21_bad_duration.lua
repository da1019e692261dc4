scenario("a duration without a unit", function(t)
  t:sleep("5 sec")
end)
