-- SIPp's built-in UAC calls our agent two hundred times; it hangs up each call itself.
scenario("SIPp's UAC calls 200 times", { net = "real", timeout = "60s", allow = { "other->>bob: *" } }, function(t)
  local bob = t:agent("bob", { port = tonumber(param("port")), transport = param("transport", "udp") })
  for _ = 1, 200 do
    local leg = bob:expect_invite { within = "20s" }
    leg:ring()
    leg:answer()
    leg:wait("terminated")
    expect(leg.ended):equals("remote bye")
  end
end)
