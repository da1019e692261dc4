scenario("sleeps", function(t)
  sleep("1s")
end)
