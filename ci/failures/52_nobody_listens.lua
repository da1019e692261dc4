scenario("nobody listens there", function(t)
  local alice = t:agent("alice", { transport = "tcp" })
  t.net:dns { ["bob.example.com"] = { a = alice } }
  alice:options("sip:bob.example.com:5099;transport=tcp"):response(200)
end)
