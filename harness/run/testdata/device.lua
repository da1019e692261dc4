scenario("a calls the device", function(t)
  local alice = t:agent("alice")
  local call = alice:invite(t.dut)
  call:expect(200)
end)

scenario("b leaves the device alone", function(t)
  expect(1):equals(1)
end)

scenario("c wants a port twice", { net = "real" }, function(t)
  t:agent("alice", { port = 46061 })
  t:agent("bob", { port = 46061 })
end)
