-- RFC 3261 §26.3, §8.1.3.1, RFC 9325 §3.1.1, RFC 5922 §7.4: what a device does about TLS itself, whoever it talks to.
local device = require("_device")

local function options(t, w)
  w:send(t.dut, { method = "OPTIONS", uri = (t.dut.uri:gsub("^sip:", "sips:")) })
  return w:expect("*")
end

-- A ClientHello that knows no version above this one (RFC 5246 §7.4.1.2; 3.1 is TLS 1.0).
local function hello(minor)
  local said = "\3" .. string.char(minor) .. ("r"):rep(32) .. "\0" .. "\0\6\xc0\x13\0\x2f\0\x35" .. "\1\0"
  local handshake = "\1" .. string.pack(">I3", #said) .. said
  return "\x16\3\1" .. string.pack(">s2", handshake)
end
local ALERT = 7

group("tls", { needs = { "uas", "tls" }, tags = { "uas", "tls" } }, function()
  scenario("TLS 1.2 is good enough", { covers = { "TLS-002" } }, function(t)
    local w = t:wire("w", { transport = "tls", tls = { version = "1.2" } })
    expect(options(t, w).status):equals(200)
  end)

  for name, minor in pairs { ["SSL 3.0"] = 0, ["TLS 1.0"] = 1, ["TLS 1.1"] = 2 } do
    scenario("who knows no more than " .. name .. " is turned away", { covers = { "TLS-002" } }, function(t)
      local near, old = t:wire("near", { transport = "tls" }), t:wire("old", { transport = "tcp" })
      old:connect("sip:dut@" .. options(t, near).source)
      old:write(hello(minor))
      local _, bytes = old:expect_close()
      expect(bytes, "bytes that it said, an alert at most"):between(0, ALERT)
    end)
  end

  scenario("who starts to shake hands and stops keeps nobody else waiting", { covers = { "TLS-026b" } }, function(t)
    local near, slow = t:wire("near", { transport = "tls" }), t:wire("slow", { transport = "tcp" })
    local there = "sip:dut@" .. options(t, near).source
    for _ = 1, 20 do slow:connect(there):write(hello(3):sub(1, 20)) end
    local next_one = t:wire("next_one", { transport = "tls" })
    expect(options(t, next_one).status):equals(200)
  end)
end)

group("tls", { needs = { "uac", "tls", "trigger:call" }, tags = { "uac", "tls" } }, function()
  scenario("a server that knows no more than TLS 1.1 hears no SIP", { covers = { "TLS-002" } }, function(t)
    local old = t:wire("old", { transport = "tcp" })
    t.dut:trigger("call", "sips:old@" .. old.address)
    local connection = old:expect_connect()
    t:sleep("500ms")
    local said = "\3\2" .. ("r"):rep(32) .. "\0\xc0\x13\0"
    local asked = connection.bytes
    old:write("\x16\3\2" .. string.pack(">s2", "\2" .. string.pack(">I3", #said) .. said))
    old:expect_close()
    expect(connection.bytes - asked, "bytes that it said, an alert at most"):between(0, ALERT)
  end)

  scenario("a server that never shakes hands is given up within 32 s", { net = "sim", tags = { "long" },
    covers = { "TLS-026b" } }, function(t)
    local stalls, plain = t:wire("stalls", { transport = "tcp" }), t:wire("plain")
    t.dut:trigger("call", "sips:stalls@" .. stalls.address)
    stalls:expect_connect()
    plain:send(t.dut, { method = "OPTIONS", uri = t.dut.uri })
    plain:expect("2xx OPTIONS")
    stalls:expect_close { within = "33s" }
  end)

  scenario("a SIPS URI without a port is at 5061", { net = "sim", covers = { "TLS-022b" } }, function(t)
    local w = t:wire("w", { transport = "tls", port = 5061 })
    t.dut:trigger("call", "sips:w@" .. device.host(w))
    local invite = w:expect("INVITE")
    w:reply(invite, 486, { to_tag = "w" })
    w:expect("ACK")
  end)

  for what, tls in pairs { ["is not for it"] = { cert = { san = "sip:other.example" } },
    ["has expired"] = { cert = { san = "sip:example.com", expired = true } } } do
    scenario("after a server whose certificate " .. what .. " the next one is tried", { net = "sim",
      covers = { "TLS-026", "TLS-011" } }, function(t)
      local first = t:wire("first", { transport = "tls", tls = tls })
      local second = t:wire("second", { transport = "tls", tls = { cert = { san = "sip:example.com" } } })
      t.net:dns { ["_sips._tcp.example.com"] = { srv = { { 10, 1, first, "a.example.com" }, { 20, 1, second, "b.example.com" } } },
        ["a.example.com"] = { a = first }, ["b.example.com"] = { a = second } }
      t.dut:trigger("call", "sips:bob@example.com")
      local invite = second:expect("INVITE", { within = "5s" })
      expect(#t:messages("dut->>first: *")):equals(0)
      second:reply(invite, 486, { to_tag = "w" })
      second:expect("ACK")
    end)
  end
end)

for _, role in ipairs { "registrar", "proxy" } do
  group(role, { needs = { role, "tls" }, tags = { role, "tls" } }, function()
    scenario("who shows no certificate is asked for none", { covers = { "TLS-001", "TLS-012b", "TLS-023" } }, function(t)
      local w = t:wire("w", { transport = "tls", tls = { cert = false } })
      w:send(t.dut, { method = "OPTIONS", uri = (t.dut.uri:gsub("^sip:.*@", "sips:")) })
      expect(w:expect("*").status):never():equals(416)
    end)
  end)
end

group("registrar", { needs = { "registrar", "tls", "digest" }, tags = { "registrar", "tls" } }, function()
  scenario("TLS without a certificate proves nothing", { covers = { "TLS-012" } }, function(t)
    local w = t:wire("w", { transport = "tls", tls = { cert = false } })
    local alice = "<" .. t.dut:at("alice") .. ">"
    w:send(t.dut, { method = "REGISTER", uri = (t.dut.uri:gsub("^sip:.*@", "sip:")),
      headers = { To = alice, From = alice .. ";tag=w", Contact = alice } })
    w:expect("401|403|407 REGISTER")
  end)
end)
