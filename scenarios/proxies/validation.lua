-- RFC 3261 §16.3: what a proxy refuses, and what it must not.
local setup = require("_setup")

for _, method in ipairs { "OPTIONS", "MESSAGE" } do
  scenario("Max-Forwards 0 of " .. method .. " is 483", function(t)
    local caller, proxy, callees = setup.proxy(t, nil, "desk")
    caller:send(proxy, setup.request(method, { max_forwards = 0 }))
    caller:expect(483)
    callees.desk:expect_none("*", "1s")
  end)
end

scenario("Max-Forwards 1 goes on as 0", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  caller:send(proxy, setup.request("OPTIONS", { max_forwards = 1 }))
  local options = callees.desk:expect("OPTIONS [Max-Forwards = 0]")
  callees.desk:reply(options, 200)
  caller:expect(200)
end)

scenario("a request without Max-Forwards gets 70", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  caller:send(proxy, setup.request("OPTIONS", { headers = { ["Max-Forwards"] = false } }))
  local options = callees.desk:expect("OPTIONS [Max-Forwards = 70]")
  callees.desk:reply(options, 200)
  caller:expect(200)
end)

scenario("Max-Forwards that is no number is 400", function(t)
  local caller, proxy = setup.proxy(t, nil, "desk")
  caller:send(proxy, setup.request("OPTIONS", { headers = { ["Max-Forwards"] = "many" } }))
  caller:expect(400)
end)

scenario("Proxy-Require is 420, and all tags come back", function(t)
  local caller, proxy = setup.proxy(t, nil, "desk")
  caller:send(proxy, setup.request("OPTIONS", { headers = { ["Proxy-Require"] = "foo, bar" } }))
  expect(caller:expect(420):header("Unsupported")):equals("foo, bar")
end)

scenario("Require is for the callee", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  caller:send(proxy, setup.request("OPTIONS", { headers = { Require = "foo" } }))
  callees.desk:reply(callees.desk:expect("OPTIONS [Require = foo]"), 200)
  caller:expect(200)
end)

scenario("a scheme that nobody here knows is 416", function(t)
  local caller, proxy = setup.proxy(t, nil, "desk")
  caller:send(proxy, { method = "OPTIONS", uri = "tel:+1-201-555-0123" })
  caller:expect(416)
end)

scenario("an unknown method, unknown headers and a bad Date pass as they are", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  local sent = table.concat({
    "FROBNICATE sip:bob@example.com SIP/2.0",
    "v: SIP/2.0/UDP " .. caller.address .. ";branch=z9hG4bKabc",
    "Max-Forwards: 5",
    "X-Odd:   two  blanks ,",
    "\tand a fold",
    "Date: the day before yesterday",
    "f: <sip:a@example.org>;tag=1",
    "t: <sip:bob@example.com>",
    "i: 1@example.org",
    "CSeq: 1 FROBNICATE",
    "l: 5",
    "", "a\r\nbc" }, "\r\n")
  caller:send(proxy, sent)
  local came = callees.desk:expect('"FROBNICATE"')
  local rows = sent:match("X%-Odd.*$")
  expect(came.raw:sub(-#rows)):equals(rows)
  callees.desk:reply(came, 200)
  caller:expect(200)
end)

scenario("merged requests are for the callee to see", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  local one = setup.request("OPTIONS", { branch = "z9hG4bKone", headers = { ["Call-ID"] = "same" }, from_tag = "x" })
  caller:send(proxy, one)
  one.branch = "z9hG4bKtwo"
  caller:send(proxy, one)
  callees.desk:reply(callees.desk:expect("OPTIONS"), 200)
  callees.desk:reply(callees.desk:expect("OPTIONS"), 482)
  caller:expect_all { 200, 482 }
end)

scenario("whom nobody knows is 404, who is nowhere 480", function(t)
  local caller, proxy = setup.proxy(t, { routes = { bob = {} } })
  caller:send(proxy, setup.request("OPTIONS"))
  caller:expect(480)
  caller:send(proxy, setup.request("OPTIONS", { uri = "sip:carol@example.com" }))
  caller:expect(404)
end)
