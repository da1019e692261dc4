scenario("is for the simulation", { net = "sim" }, function(t)
  expect(1):equals(1)
end)

scenario("is for sockets", { net = "real" }, function(t)
  expect(1):equals(1)
end)
