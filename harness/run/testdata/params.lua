local wanted = param("WANTED", "yes")

scenario("is as it was set", function(t)
  expect(wanted):equals("yes")
end)

scenario("keeps a secret", function(t)
  t:log("the password is %s", secret("PHONE"))
  expect(1):equals(1)
end)
