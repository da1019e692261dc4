-- RFC 3261 §19.1.2, §19.1.4, RFC 5954 §4.2: which URIs are one. What is equal is one binding.
local device = require("_device")

-- How many bindings Alice has with both Contacts.
local function bindings(t, one, other)
  local alice = t:agent("alice", { account = "alice" })
  device.emptied(t, alice, "alice")
  expect(device.register(t, alice, "alice", "<" .. one .. ">").status):equals(200)
  expect(device.register(t, alice, "alice", "<" .. other .. ">").status):equals(200)
  return #device.register(t, alice, "alice").contact
end

local pairs_of = {
  ["MSG-022"] = {
    { "sip:%61lice@atlanta.com", "sip:alice@AtLanTa.CoM", 1 },
    { "sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", 1 },
    { "sip:carol@chicago.com;security=on;a=1", "sip:carol@chicago.com;a=1;Security=on", 1 },
    { "sip:biloxi.com;transport=tcp;user=phone", "sip:biloxi.com;user=phone;transport=TCP", 1 },
    { "sip:ALICE@AtLanTa.CoM", "sip:alice@AtLanTa.CoM", 2 },
    { "sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", 2 },
    { "sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", 2 },
    { "sip:bob@biloxi.com", "sip:bob@biloxi.com;user=phone", 2 },
    { "sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", 2 },
  },
  ["MSG-022b"] = {
    { "sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting", 2 },
    { "sip:c@chicago.com?subject=x&priority=urgent", "sip:c@chicago.com?priority=urgent&subject=x", 1 },
    { "sip:c@chicago.com?subject=x", "sip:c@chicago.com?subject=y", 2 },
  },
  ["IP6-008"] = {
    { "sip:b@[2001:DB8:0::1]:5062", "sip:b@[2001:db8::1]:5062", 1 },
    { "sip:b@[::ffff:192.0.2.128]", "sip:b@[::ffff:c000:280]", 1 },
    { "sip:b@[2001:db8::1]", "sip:b@[2001:db8::2]", 2 },
  },
}

group("registrar", { needs = { "registrar" }, tags = { "registrar" } }, function()
  for id, list in pairs(pairs_of) do
    for _, pair in ipairs(list) do
      local one, other, count = table.unpack(pair)
      scenario(one .. (count == 1 and " is " or " is not ") .. other, { covers = { id } }, function(t)
        expect(bindings(t, one, other)):equals(count)
      end)
    end
  end

  scenario("an escape in a host is not the character", { covers = { "MSG-N07" } }, function(t)
    local alice = t:agent("alice", { account = "alice" })
    device.emptied(t, alice, "alice")
    local host = t.dut.uri:match("@([^:;]*)"):gsub("%w", function(c) return ("%%%02X"):format(c:byte()) end, 1)
    local address = "<sip:alice@" .. host .. ">"
    alice:request("REGISTER", t.dut.uri:gsub("sip:.*@", "sip:"), { headers = {
      To = address, From = "<" .. t.dut:at("alice") .. ">;tag=" .. sip.tag(), Contact = "<sip:a@192.0.2.1>" } }):maybe("*", { within = "1s" })
    expect(#(device.register(t, alice, "alice").contact or {})):equals(0)
  end)
end)
