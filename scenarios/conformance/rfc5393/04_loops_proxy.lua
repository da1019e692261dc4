-- RFC 5393 §4, §5: a proxy that forks finds its own loops, and no request becomes more than it may.
local device = require("_device")
local proxied = require("_proxied")

-- Bob has so many phones, which are wires.
local function phones(t, count)
  local caller, wires, contacts = t:wire("caller"), {}, {}
  for i = 1, count do
    wires[i] = t:wire("phone" .. i)
    contacts[i] = proxied.contact(wires[i])
  end
  proxied.registered(t, contacts)
  caller:ignore("100")
  return caller, wires
end

-- What is in the way of what the phones got.
local function breadths(t, wires)
  local values = {}
  for _, w in ipairs(wires) do
    for _, message in ipairs(t:messages("dut->>" .. w.name .. ": MESSAGE")) do
      if not message.copy_of then
        local value = message:header("Max-Breadth")
        expect(value, "Max-Breadth"):matches("^[0-9]+$")
        values[#values + 1] = tonumber(value)
      end
    end
    w:ignore("MESSAGE|CANCEL")
  end
  return values
end

local function sum(values)
  local all = 0
  for _, value in ipairs(values) do all = all + value end
  return all
end

-- The request as it came to a phone, sent back as an element would that it was meant for.
local function sent_back(t, w, came, uri)
  local vias = came:headers("Via")
  table.insert(vias, 1, device.via(w) .. ";branch=" .. sip.branch())
  return w:send(t.dut, came:with { uri = uri, headers = { Via = vias, ["Max-Forwards"] = "60" } })
end

group("proxy", { needs = { "proxy" }, tags = { "proxy", "fork" } }, function()
  scenario("what comes back as it came is a loop", { covers = { "MAT-009" } }, function(t)
    local caller, wires = phones(t, 2)
    local one, two = wires[1], wires[2]
    caller:send(t.dut, proxied.request(t, "MESSAGE"))
    local came = one:expect("MESSAGE")
    local other = two:expect("MESSAGE")
    one:ignore("100")
    sent_back(t, one, came, t.dut:at("bob"))
    one:expect("482 MESSAGE")
    two:expect_none("MESSAGE", "100ms")
    one:reply(came, 486)
    two:reply(other, 486)
    caller:expect("486 MESSAGE")
  end)

  scenario("what comes back to somebody else is none", { covers = { "MAT-009b" } }, function(t)
    local caller, wires = phones(t, 2)
    local one, two = wires[1], wires[2]
    caller:send(t.dut, proxied.request(t, "MESSAGE"))
    local came, other = one:expect("MESSAGE"), two:expect("MESSAGE")
    one:ignore("100")
    sent_back(t, one, came, t.dut:at("nobody"))
    one:expect("404|480 MESSAGE")
    one:reply(came, 486)
    two:reply(other, 486)
    caller:expect("486 MESSAGE")
  end)

  for _, case in ipairs { { 1, nil, 60 }, { 2, nil, 60 }, { 1, 10, 10 }, { 1, 4, 4 }, { 2, 4, 4 }, { 3, 4, 4 } } do
    local count, given, most = table.unpack(case)
    local covers = given == nil and { "MAT-010" } or count == 1 and { "MAT-010b", "MAT-N02" } or { "MAT-010b" }
    scenario(count .. " phones share " .. (given and "a Max-Breadth of " .. given or "what has no Max-Breadth"),
      { covers = covers }, function(t)
        local caller, wires = phones(t, count)
        caller:send(t.dut, proxied.request(t, "MESSAGE", {
          headers = given and { ["Max-Breadth"] = tostring(given) } or nil }))
        t:sleep("300ms")
        local values = breadths(t, wires)
        expect(#values):at_least(1)
        for _, value in ipairs(values) do expect(value):at_least(1) end
        if given then
          expect(sum(values)):between(1, given)
          if count == 1 then expect.soft(values[1]):equals(most) end
        else
          expect.soft(sum(values)):equals(most)             -- §5.3.3: RECOMMENDED
        end
        caller:ignore("*")
      end)
  end

  scenario("two phones at once need more than a Max-Breadth of 1", { covers = { "MAT-010c" } }, function(t)
    local caller, wires = phones(t, 2)
    caller:send(t.dut, proxied.request(t, "MESSAGE", { headers = { ["Max-Breadth"] = "1" } }))
    t:sleep("300ms")
    local values = breadths(t, wires)
    expect(#values, "phones that ring"):between(0, 1)
    if #values == 0 then caller:expect("440|3xx MESSAGE") end
    caller:ignore("*")
  end)
end)
