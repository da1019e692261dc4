scenario("a transport is misspelt", function(t)
  local alice = t:agent("alice", { transport = "tsl" })
  alice:options("sip:bob@example.com"):response(200)
end)
