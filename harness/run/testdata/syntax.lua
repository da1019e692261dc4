scenario("it never ends", function(t)
  expect(1:equals(1)
end)
