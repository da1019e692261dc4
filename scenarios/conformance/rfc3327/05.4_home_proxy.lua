-- RFC 3327 §5.4: the way by which somebody registered is the way to him.
local device = require("_device")

scenario("a request takes the path that was registered", { needs = { "proxy", "path" }, tags = { "proxy" },
  covers = { "REG-024", "REG-024b" } }, function(t)
  local caller, edge = t:wire("caller"), t:wire("edge")
  local bob = t:agent("bob", { account = "bob" })
  local path = { "<" .. device.at(edge) .. ";lr>", "<sip:192.0.2.9;lr>" }
  device.emptied(t, bob, "bob")
  local ok = device.register(t, bob, "bob", "<sip:bob@192.0.2.1>", { Path = path, Supported = "path" })
  expect(ok.status):equals(200)
  caller:send(t.dut, { method = "MESSAGE", uri = t.dut:at("bob") })
  caller:ignore("100")
  local came = edge:expect("MESSAGE")
  expect(tostring(came.uri)):equals("sip:bob@192.0.2.1")
  expect((table.concat(came:headers("Route"), ","):gsub("%s", ""))):equals(table.concat(path, ","))
  edge:reply(came, 200)
  caller:expect("200 MESSAGE")
end)
