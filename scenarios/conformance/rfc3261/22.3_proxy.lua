-- RFC 3261 §22.1, §22.3: a proxy that asks who calls. What it asks, and what it never asks.
local device = require("_device")
local proxy = require("_proxied")

-- Alice calls bob, and is asked.
local function asked(t)
  local caller, bob = proxy.between(t)
  local aor = "<" .. t.dut:at("alice") .. ">;tag=" .. sip.tag()
  local sent = caller:send(t.dut, proxy.request(t, "INVITE", { sdp = device.sdp(caller), contact = "<" .. caller.uri .. ">",
    headers = { From = aor } }))
  local refusal = caller:maybe("401|407 INVITE", { within = "1s" })
  if not refusal then t:skip("it asks nobody who calls") end
  return caller, bob, sent, refusal
end

local function calls(t)
  local caller, bob, sent, refusal = asked(t)
  caller:send(t.dut, sip.ack(sent, refusal))
  local again = caller:send(t.dut, sip.authorize(sent, refusal, "alice", "alice"))
  return caller, bob, again, bob:expect("INVITE")
end

group("proxy", { needs = { "proxy", "digest" }, tags = { "proxy", "digest" } }, function()
  scenario("it asks by 407, with digest, and not a second time for the ACK",
    { covers = { "AUT-N01", "AUT-002b", "AUT-011b", "UAS-017b" } }, function(t)
      local caller, bob, sent, refusal = asked(t)
      expect(refusal.status):equals(407)
      for _, value in ipairs(refusal:headers("Proxy-Authenticate")) do
        expect(value):matches('^Digest .*realm="')
        expect(value):matches('\\bnonce="')
        expect(value):matches('\\bqop="auth')
      end
      expect(refusal:header("Proxy-Authenticate")):exists()
      caller:send(t.dut, sip.ack(sent, refusal))
      caller:expect_none("*", "1s")
      bob:expect_none("*", "0s")
    end)

  scenario("a CANCEL needs no credentials", { covers = { "AUT-011" } }, function(t)
    local caller, bob, sent, came = calls(t)
    bob:reply(came, 180, { to_tag = "b", contact = "<" .. bob.uri .. ">" })
    caller:expect("180 INVITE")
    caller:send(t.dut, sip.cancel(sent):with { headers = { ["Proxy-Authorization"] = false } })
    caller:expect("200 CANCEL")
    bob:reply(bob:expect("CANCEL"), 200)
    bob:reply(came, 487, { to_tag = "b" })
    proxy.refused(t, caller, bob, sent, 487)
  end)

  scenario("the credentials of the INVITE are good for its ACK", { covers = { "AUT-N02", "UAS-N06" } }, function(t)
    local caller, bob, sent, came = calls(t)
    bob:reply(came, 200, { to_tag = "b", contact = "<" .. bob.uri .. ">" })
    local ok = caller:expect("200 INVITE")
    caller:send(t.dut, sip.dialog(sent, ok):ack { headers = {
      ["Proxy-Authorization"] = sent:headers("Proxy-Authorization") } })
    bob:expect("ACK")
    caller:expect_none("*", "1s")
  end)

  scenario("the ACK of a 200 goes through without any", { covers = { "UAS-017b" } }, function(t)
    local caller, bob, sent, came = calls(t)
    bob:reply(came, 200, { to_tag = "b", contact = "<" .. bob.uri .. ">" })
    caller:send(t.dut, sip.dialog(sent, caller:expect("200 INVITE")):ack())
    bob:expect("ACK [!Proxy-Authorization]")
    caller:expect_none("*", "1s")
  end)
end)
