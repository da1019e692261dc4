scenario("the certificate is another host's", function(t)
  local bob = t:agent("bob", { transport = "tls", port = 5061,
    tls = { cert = sip.certificate { san = { "other.example" } } } })
  local alice = t:agent("alice", { transport = "tls" })
  t.net:dns { ["bob.example.com"] = { a = bob } }
  alice:options("sips:bob.example.com:5061"):response(200)
end)
