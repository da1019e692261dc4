scenario("a name is not there", function(t)
  local alice = t:agent("alice")
  t.net:dns { ["a.example.com"] = { a = alice } }
  alice:options("sip:bob@b.example.com"):response(200)
end)
