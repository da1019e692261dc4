-- SIPp registers fifty times with digest, a Contact each; our registrar checks each proof.
scenario("SIPp registers with digest", { net = "real", timeout = "60s", allow = { "other->>reg: *" } }, function(t)
  local reg = t:registrar("reg", { port = tonumber(param("port")), domain = "example.com",
                                   realm = "peers.example", users = { sipp = "open" } })
  for _ = 1, 50 do
    reg:expect("REGISTER [Authorization]", { within = "20s" })
  end
  expect(#reg:bindings("sip:sipp@example.com")):equals(50)
end)
