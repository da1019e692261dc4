-- A browser: it opens a WebSocket, and says in Via and Contact that nobody can reach it elsewhere (RFC 7118
-- §8.1: a host in .invalid). The answer comes back over the connection that it opened.

scenario("a browser asks over a WebSocket", function(t)
  local server  = t:agent("server", { transport = "ws" })
  local browser = t:wire("browser", { transport = "ws" })
  local nowhere = "df7jal23ls0d.invalid"

  local connection = browser:connect(server)
  browser:send(server, {
    method = "OPTIONS", uri = server.uri,
    headers = {
      Via     = "SIP/2.0/WS " .. nowhere .. ";branch=" .. sip.branch(),
      Contact = "<sip:alice@" .. nowhere .. ";transport=ws>",
    },
  })
  local response = browser:expect(200)
  expect(response.via[1].host):equals(nowhere)
  expect(connection.state):equals("open")

  connection:close()
  local how = connection:expect_close()
  expect(how):equals("fin")
end)
