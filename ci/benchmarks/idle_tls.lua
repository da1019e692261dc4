-- What a TLS connection costs that nobody uses: so many from one wire to another, both ends are here.
local count = tonumber(param("connections", "1000"))

scenario("idle connections", function(t)
  local client, server = t:wire("client", { transport = "tls" }), t:wire("server", { transport = "tls" })
  local last
  for _ = 1, count do
    last = client:connect(server)
    server:expect_connect()
  end
  expect(last.tls.version):equals("TLSv1.3")
end)
