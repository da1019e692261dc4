scenario("goes on until it is ended", function(t)
  local n = 0
  for _ = 1, 1e6 do
    for _ = 1, 1e5 do n = n + 1 end
    t:sleep("1us")
  end
end)
