-- So many agents, each with a stack of its own, registered at one registrar.
local count = tonumber(param("agents", "1000"))

scenario("agents that are registered", { timeout = "1000m" }, function(t)
  local registrar = t:registrar("registrar", { domain = "example.com" })
  for i = 1, count do
    local uri = "sip:a" .. i .. "@example.com"
    local agent = t:agent("a" .. i, { uri = uri, outbound = registrar })
    agent:request("REGISTER", "sip:example.com", { headers = { To = "<" .. uri .. ">" } }):response(200)
  end
  expect(count):at_least(1)
end)
