-- RFC 3261 §16.3 to §16.6: what a proxy reads of a way that somebody else has written, and what it writes itself.
local device = require("_device")
local proxy = require("_proxied")
local between, request, invites, refused = proxy.between, proxy.request, proxy.invites, proxy.refused

-- One that is through, both ways.
local function through(t, caller, bob, draft, status)
  caller:send(t.dut, draft)
  local came = bob:expect(draft.method)
  bob:reply(came, status or 200)
  return came, caller:expect((status or 200) .. " " .. draft.method)
end

group("proxy", { needs = { "proxy" }, tags = { "proxy" } }, function()
  scenario("its own name in the Request-URI gives way to the last Route", { covers = { "PRX-003", "PRX-029b" } },
    function(t)
      local caller, bob = between(t)
      local sent, came = invites(t, caller, bob)
      if not came.record_route then t:skip("it does not stay on the way") end
      bob:reply(came, 486, { to_tag = "b" })
      refused(t, caller, bob, sent, 486)
      local own = tostring(came.record_route[#came.record_route].uri)
      local further = through(t, caller, bob, { method = "MESSAGE", uri = own, to_tag = "b", headers = {
        Route = { "<" .. bob.uri .. ";lr>", "<sip:bob@192.0.2.1>" } } })
      expect(tostring(further.uri)):equals("sip:bob@192.0.2.1")
      expect(further:headers("Route")):equals { "<" .. bob.uri .. ";lr>" }
    end)

  scenario("a strict router finds himself in the Request-URI", { covers = { "PRX-007" } }, function(t)
    local caller, strict = between(t)
    local came = through(t, caller, strict, request(t, "MESSAGE", { uri = "sip:far@192.0.2.1", to_tag = "b", headers = {
      Route = { "<sip:" .. t.dut.address .. ";lr>", "<" .. device.at(strict) .. ">", "<sip:192.0.2.9;lr>" } } }))
    expect(tostring(came.uri)):equals(device.at(strict))
    expect(came:headers("Route")):equals { "<sip:192.0.2.9;lr>", "<sip:far@192.0.2.1>" }
  end)

  scenario("a maddr that is its own is taken off", { covers = { "PRX-004" } }, function(t)
    local caller, bob = between(t)
    local came = through(t, caller, bob, request(t, "MESSAGE", { uri = t.dut:at("bob") .. ";maddr=" .. device.host(t.dut) }))
    expect(tostring(came.uri)):equals(device.at(bob, "bob"))
  end)

  scenario("the rows keep their order", { covers = { "PRX-009b" } }, function(t) -- §16.6 item 1: SHOULD
    local caller, bob = between(t)
    local rows = "X-Zebra: 1\r\nSubject: 2\r\nX-Ape: 3\r\nOrganization: 4\r\nX-Zebra: 5\r\n"
    local draft = sip.request { method = "MESSAGE", uri = t.dut:at("bob"), headers = {
      Via = device.via(caller) .. ";rport;branch=" .. sip.branch(), From = "<" .. caller.uri .. ">;tag=x" } }
    caller:send(t.dut, (draft.raw:gsub("\r\n\r\n", "\r\n" .. rows:gsub("%%", "%%%%") .. "\r\n", 1)))
    local came = bob:expect("MESSAGE")
    local order = {}
    for name in came.raw:gmatch("\n([%w-]+):") do
      if rows:find(name, 1, true) then order[#order + 1] = name end
    end
    expect(order):equals { "X-Zebra", "Subject", "X-Ape", "Organization", "X-Zebra" }
    bob:reply(came, 200)
    caller:expect("200 MESSAGE")
  end)

  for _, body in ipairs { "", "hello" } do
    scenario("a body of " .. #body .. " octets has its length on a stream",
      { needs = { "udp", "tcp" }, covers = { "PRX-010" } },
      function(t)
        local caller, bob = t:wire("caller", { transport = "udp" }), t:wire("bob", { transport = "tcp" })
        caller:ignore("100")
        proxy.registered(t, "<sip:bob@" .. bob.address .. ";transport=tcp>")
        local came = through(t, caller, bob, request(t, "MESSAGE", { body = body, content_type = "text/plain",
          headers = { ["Content-Length"] = false } }))
        expect(came:header("Content-Length")):equals(tostring(#body))
      end)
  end

  scenario("credentials of another realm go on", { covers = { "PRX-028" } }, function(t)
    local caller, bob = between(t)
    local other = 'Digest username="bob", realm="realm b", nonce="n", uri="sip:x", response="' .. ("0"):rep(32) .. '"'
    local came = through(t, caller, bob, request(t, "MESSAGE", { headers = { ["Proxy-Authorization"] = other } }))
    expect(came:headers("Proxy-Authorization")):equals { other }
  end)

  scenario("a Contact with a method is called without", { covers = { "PRX-N04" } }, function(t)
    local caller, bob = t:wire("caller"), t:wire("bob")
    caller:ignore("100")
    proxy.registered(t, "<" .. device.at(bob, "bob") .. ";method=INVITE>")
    expect(tostring(through(t, caller, bob, request(t, "MESSAGE")).uri)):never():contains("method=")
  end)

  for _, status in ipairs { 404, 500 } do
    scenario("the To tag of a request is that of its " .. status, { covers = { "PRX-N06" } }, function(t)
      local caller, bob = between(t)
      local _, answer = through(t, caller, bob, { method = "MESSAGE", uri = bob.uri, to_tag = "known",
        headers = { Route = "<sip:" .. t.dut.address .. ";lr>" } }, status)
      expect(answer.to.tag):equals("known")
    end)
  end

  scenario("Proxy-Require counts neither in a CANCEL nor in an ACK", { covers = { "PRX-002b" } }, function(t)
    local caller, bob = between(t)
    local foo = { ["Proxy-Require"] = "nothingSupportsThis", Require = "nothingSupportsThis" }
    local sent, came = invites(t, caller, bob)
    bob:reply(came, 180, { to_tag = "b", contact = "<" .. bob.uri .. ">" })
    caller:expect("180 INVITE")
    caller:send(t.dut, sip.cancel(sent):with { headers = foo })
    caller:expect("200 CANCEL")
    bob:reply(bob:expect("CANCEL"), 200)
    bob:reply(came, 487, { to_tag = "b" })
    bob:expect("ACK")
    caller:send(t.dut, sip.ack(sent, caller:expect("487 INVITE")):with { headers = foo })
    caller:expect_none("*", "1s")
  end)

  scenario("who refuses the connection counts as 503", { needs = { "tcp" }, covers = { "PRX-021" } }, function(t)
    local caller, bob = t:wire("caller"), t:wire("bob", { transport = "udp" })
    caller:ignore("100")
    proxy.registered(t, "<sip:bob@" .. bob.address .. ";transport=tcp>")
    caller:send(t.dut, request(t, "MESSAGE"))
    caller:expect("500|503|408 MESSAGE")
  end)
end)
