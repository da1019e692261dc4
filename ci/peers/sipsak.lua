-- An agent answers OPTIONS by itself; the message of the end comes from the test.
scenario("sipsak pings an agent", { net = "real", timeout = "30s", allow = { "other->>bob: *" } }, function(t)
  local bob = t:agent("bob", { port = tonumber(param("port")), manual = { "OPTIONS" } })
  bob:expect_request("OPTIONS", { within = "20s" }):respond(200)
end)
