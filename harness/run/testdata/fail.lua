scenario("it passes", function(t)
  expect(1):equals(1)
end)

scenario("it fails", function(t)
  t:sleep("2s")
  expect("busy"):equals("idle")
end)
