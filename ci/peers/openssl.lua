-- What test_openssl needs of us: a server for its s_client, a client for its s_server. The certificates are
-- OpenSSL's own, out of files that stand beside this one while it runs.

local port, version = tonumber(param("port")), param("version")
local real = { net = "real", timeout = "30s", allow = { "other->>*: *", "*->>other: *" } }

scenario("s_client asks", real, function(t)
  local server = t:wire("server", { transport = "tls", port = port,
    tls = { cert = "server.pem", key = "server.key", ca = "ca.pem", verify = param("verify") } })
  local connection = server:expect_connect { within = "20s" }
  local request = server:expect("OPTIONS", { within = "20s" })
  expect(connection.tls.version):equals(version)
  expect(connection.tls.sni):equals("sip.example.com")
  if param("verify") == "mutual" then expect(connection.tls.peer):equals("client.example.com") end
  server:reply(request, 200)
  connection:close()
end)

scenario("s_server is asked", real, function(t)
  local client = t:wire("client", { transport = "tls", tls = { cert = "client.pem", key = "client.key", ca = "ca.pem" } })
  local connection = client:connect("sips:127.0.0.1:" .. port)
  t:sleep("300ms")                            -- a handshake over loopback takes some ms
  expect(connection.state):equals("open")
  expect(connection.tls.version):equals(version)
  expect(connection.tls.peer):equals("127.0.0.1")
  connection:write("OPTIONS sip:openssl SIP/2.0\r\n\r\n")
  connection:close()
end)

scenario("s_server is somebody else", real, function(t)
  local client = t:wire("client", { transport = "tls", tls = { ca = "ca.pem" } })
  local connection = client:connect("sips:127.0.0.1:" .. port)
  local _, bytes = connection:expect_close { within = "20s" }
  expect(connection.tls.error):equals("its certificate is for elsewhere.example.com, not for 127.0.0.1")
  expect(bytes):equals(0)
end)
