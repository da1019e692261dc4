scenaro("a misspelt word", function(t)
  expect(1):equals(1)
end)
