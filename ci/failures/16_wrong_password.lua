scenario("the proxy wants another password", function(t)
  local alice = t:agent("alice", { auth = { user = "alice", password = "open barley" } })
  local proxy = t:agent("proxy")
  local call = alice:invite(proxy)
  for _ = 1, 2 do
    proxy:expect_request("INVITE"):respond(407, {
      headers = { ["Proxy-Authenticate"] = sip.challenge { realm = "example.com" } } })
  end
  call:wait("confirmed")
end)
