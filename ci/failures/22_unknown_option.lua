scenario("an option of the agent is misspelt", function(t)
  local alice = t:agent("alice", { trasport = "tcp" })
  alice:options("sip:bob@example.com"):response(200)
end)
