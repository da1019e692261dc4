-- Only with --unsafe: ends the process that runs it, as a fault of ours or the system would.
scenario("a is shot", function(t)
  os.execute("kill -KILL $PPID")
end)

scenario("b crashes", function(t)
  os.execute("kill -BUS $PPID")
end)

scenario("c passes after it", function(t)
  expect(1):equals(1)
end)
