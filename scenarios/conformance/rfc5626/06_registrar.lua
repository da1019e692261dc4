-- RFC 5626 §5.4, §6: a registrar that is the first hop, and knows flows.
local device = require("_device")

local FIRST, SECOND = "<sip:alice@192.0.2.1>", "<sip:alice@192.0.2.2>"
local FLOW = ';+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";reg-id=1'

local function alice(t, opts)
  opts = opts or {}
  opts.account = "alice"
  local agent = t:agent("alice", opts)
  device.emptied(t, agent, "alice")
  return agent
end

local function register(t, agent, contact, headers)
  local all = { Supported = "path, outbound" }
  for name, value in pairs(headers or {}) do all[name] = value end
  return device.register(t, agent, "alice", contact, all)
end

group("registrar", { needs = { "registrar", "outbound" }, tags = { "registrar", "outbound" } }, function()
  scenario("who registers a flow is told that it is one", { covers = { "REG-022b" } }, function(t)
    local ok = register(t, alice(t), FIRST .. FLOW)
    expect(ok.status):equals(200)
    expect(ok:header("Require")):matches("\\boutbound\\b")
  end)

  scenario("a flow takes the place of the one before it, wherever its Contact is", { covers = { "REG-022" } },
    function(t)
      register(t, alice(t), FIRST .. FLOW)
      local again = register(t, t:agent("alice_moved", { account = "alice" }), SECOND .. FLOW)
      expect(#again.contact, "bindings"):equals(1)
      expect(again.contact[1].uri.host):equals("192.0.2.2")
    end)

  scenario("two flows of one instance are two", { covers = { "REG-022" } }, function(t)
    local a = alice(t)
    register(t, a, FIRST .. FLOW)
    expect(#register(t, a, SECOND .. FLOW:gsub("reg%-id=1", "reg-id=2")).contact, "bindings"):equals(2)
  end)

  scenario("a flow by way of somebody who knows none is a 439", { covers = { "REG-N06" } }, function(t)
    local a = alice(t)
    local further = "SIP/2.0/UDP 192.0.2.7;branch=" .. sip.branch()
    a:on_send(function(msg) return msg:with { headers = { Via = { msg:header("Via"), further } } } end)
    a:on_receive(function(msg) return msg:with { headers = { Via = msg:headers("Via")[1] } } end)
    local refused = register(t, a, FIRST .. FLOW)
    a:on_send(nil)
    a:on_receive(nil)
    expect(refused.status):equals(439)
    expect(#(device.register(t, a, "alice").contact or {})):equals(0)
  end)
end)

group("registrar", { needs = { "registrar", "outbound", "tcp" }, tags = { "registrar", "outbound", "transport" } }, function()
  scenario("two empty lines are a ping, and one comes back", { covers = { "TRP-025" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    local connection = w:connect(t.dut)
    for i = 1, 2 do
      w:write("\r\n\r\n")
      t:sleep("1s")
      expect(connection.bytes, "bytes after ping " .. i):equals(2 * i)
    end
  end)

  scenario("one empty line is no ping, nor are two in a body", { covers = { "TRP-026b" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    local connection = w:connect(t.dut)
    w:write("\r\n")
    t:sleep("1s")
    expect(connection.bytes):equals(0)
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, body = "one\r\n\r\ntwo" })
    local answer = w:expect("*")
    t:sleep("1s")
    expect(connection.bytes):equals(#answer.raw)
  end)
end)
