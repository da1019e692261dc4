-- Runs until somebody ends it: what it says of itself meanwhile is the test.
scenario("a waits for a call", { net = "real", timeout = "20m" }, function(t)
  local alice, bob, wire = t:agent("alice"), t:agent("bob"), t:wire("carol")
  alice:options(wire)
  t:spawn(function() t:sleep("10m") end)
  io.stderr:write("now it waits\n")
  bob:expect_invite { within = "10m" }
end)

scenario("b loops in Lua", { net = "sim" }, function()
  io.stderr:write("now it loops\n")
  for _ = 1, 1e12 do end
end)

scenario("c loops in C", { net = "sim" }, function()
  io.stderr:write("now it matches\n")
  string.find(string.rep("a", 40), string.rep("a-", 40) .. "b")
end)
