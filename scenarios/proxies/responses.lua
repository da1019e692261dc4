-- RFC 3261 §16.7: which responses go back, and which one is the best.
local setup = require("_setup")

-- An INVITE is out at all callees; each of them answers with one final response; gives what comes back.
local function finals(t, answers)
  local names = {}
  for i = 1, #answers do names[i] = "b" .. i end
  local caller, proxy, callees = setup.proxy(t, nil, table.unpack(names))
  caller:send(proxy, setup.request("INVITE"))
  for i, name in ipairs(names) do
    local opts = type(answers[i]) == "table" and answers[i] or { answers[i] }
    local invite = callees[name]:expect("INVITE")
    callees[name]:reply(invite, opts[1], { headers = opts.headers })
    callees[name]:expect("ACK")
  end
  return caller:expect("*"), caller
end

for _, case in ipairs {
  { { 404, 486 },      404, "the first of one class" },
  { { 500, 404 },      404, "the lowest class" },
  { { 404, 302 },      302, "a redirection before a failure" },
  { { 486, 407 },      407, "what tells how to ask again" },
  { { 408, 486 },      486, "an answer before a timeout" },
  { { 404, 603 },      603, "6xx before all" },
  { { 503 },           500, "503 of one target is not ours" },
  { { 503, 500 },      500, "500 before 503" },
  { { 503, 407, 501, 404 }, 407, "the example of §16.7" },
} do
  scenario("best response: " .. case[3], function(t)
    expect(finals(t, case[1]).status):equals(case[2])
  end)
end

scenario("401 and 407 come together, with all challenges", function(t)
  local best = finals(t, {
    { 401, headers = { ["WWW-Authenticate"] = 'Digest realm="a", nonce="1"' } },
    { 404 },
    { 407, headers = { ["Proxy-Authenticate"] = { 'Digest realm="b", nonce="2"', 'Digest realm="c", nonce="3"' } } } })
  expect(best.status):equals(401)
  expect(#best:headers("WWW-Authenticate")):equals(1)
  expect(#best:headers("Proxy-Authenticate")):equals(2)
end)

scenario("100 stays here, 18x go back at once, with their To tags", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  caller:send(proxy, setup.request("INVITE"))
  local invite = callees.desk:expect("INVITE")
  callees.desk:reply(invite, 100)
  callees.desk:reply(invite, 183, { to_tag = "one" })
  callees.desk:reply(invite, 180, { to_tag = "two", headers = { ["X-Odd"] = "kept" } })
  expect(caller:expect(183).to.tag):equals("one")
  expect(caller:expect(180):header("X-Odd")):equals("kept")
  callees.desk:reply(invite, 486)
  callees.desk:expect("ACK")
  caller:expect(486)
end)

scenario("every 2xx goes back, and each of its copies", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk", "mobile")
  local desk, mobile = callees.desk, callees.mobile
  caller:send(proxy, setup.request("INVITE"))
  local at_desk, at_mobile = desk:expect("INVITE"), mobile:expect("INVITE")
  mobile:reply(at_mobile, 180)
  caller:expect(180)
  local first = desk:reply(at_desk, 200)
  expect(caller:expect(200).to.tag):equals(first.to.tag)
  mobile:expect("CANCEL")
  local second = mobile:reply(at_mobile, 200)
  expect(caller:expect(200).to.tag):equals(second.to.tag)
  t:sleep("500ms")
  desk:send(proxy, first)
  mobile:send(proxy, second)
  t:sleep("100ms")
  local copies = 0
  for _, response in ipairs(t:messages("proxy->>caller: 200 INVITE")) do
    copies = copies + (response.copy_of and 1 or 0)
  end
  expect(#t:messages("proxy->>caller: 200 INVITE")):equals(4)
  expect(copies, "of which copies"):equals(2)
end)

scenario("a 6xx waits for the others, which are cancelled", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk", "mobile")
  local desk, mobile = callees.desk, callees.mobile
  caller:send(proxy, setup.request("INVITE"))
  local at_desk, at_mobile = desk:expect("INVITE"), mobile:expect("INVITE")
  desk:reply(at_desk, 180)
  caller:expect(180)
  mobile:reply(at_mobile, 603)
  mobile:expect("ACK")
  caller:expect_none("*", "100ms")
  desk:reply(desk:expect("CANCEL"), 200)
  desk:reply(at_desk, 487)
  desk:expect("ACK")
  caller:expect(603)
end)

scenario("a 2xx that meets a 6xx wins", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk", "mobile")
  local desk, mobile = callees.desk, callees.mobile
  caller:send(proxy, setup.request("INVITE"))
  local at_desk, at_mobile = desk:expect("INVITE"), mobile:expect("INVITE")
  mobile:reply(at_mobile, 603)
  mobile:expect("ACK")
  desk:reply(at_desk, 200)
  caller:expect(200)
  caller:expect_none("*", "40s")
end)

scenario("nobody answers an INVITE: 408", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  callees.desk:ignore("INVITE")
  caller:send(proxy, setup.request("INVITE"))
  caller:expect(408, { within = "33s" })
end)

scenario("nobody answers a MESSAGE: silence, for a 408 would come too late (RFC 4320 §4.2)", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  callees.desk:ignore("MESSAGE")
  caller:send(proxy, setup.request("MESSAGE"))
  caller:expect_none("*", "60s")
end)

scenario("a 408 to a MESSAGE does not go back (RFC 4320 §4.2)", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  caller:send(proxy, setup.request("MESSAGE"))
  callees.desk:reply(callees.desk:expect("MESSAGE"), 408)
  caller:expect_none("*", "60s")
end)

scenario("nobody is there: as if it had said 503, which is 500", { net = "sim" }, function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  t.net:refuse("desk")
  callees.desk:ignore("*")
  caller:send(proxy, setup.request("INVITE"))
  caller:expect(500)
end)

scenario("a stray response goes nowhere (RFC 6026 §7.3)", function(t)
  local caller, proxy, callees = setup.proxy(t, nil, "desk")
  local function response(top)
    return table.concat({
      "SIP/2.0 200 OK",
      "Via: SIP/2.0/UDP " .. top .. ";branch=z9hG4bKold",
      "Via: SIP/2.0/UDP " .. caller.address .. ";branch=z9hG4bKcaller",
      "From: <sip:a@example.org>;tag=1", "To: <sip:bob@example.com>;tag=2",
      "Call-ID: late", "CSeq: 1 INVITE", "Content-Length: 0", "", "" }, "\r\n")
  end
  callees.desk:send(proxy, response("10.9.9.9"))
  callees.desk:send(proxy, response(proxy.address))
  caller:expect_none("*", "1s")
end)
