scenario("nobody calls", function(t)
  local bob = t:agent("bob")
  bob:expect_invite { within = "5s" }
end)
