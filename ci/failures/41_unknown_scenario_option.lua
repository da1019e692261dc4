scenario("an option of the scenario is misspelt", { tag = { "uas" } }, function(t)
  t:sleep("1s")
end)
