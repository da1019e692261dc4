-- RFC 3261 §16.6 item 7: each target by RFC 3263; where one server fails the next one is tried, with a branch of
-- its own.

local function zone(t, first, second)
  t.net:dns {
    ["_sip._udp.biloxi.example"] = { srv = { { 10, 1, first, "a.biloxi.example" }, { 20, 1, second, "b.biloxi.example" } } },
    ["a.biloxi.example"] = { a = first },
    ["b.biloxi.example"] = { a = second },
  }
end

scenario("a name is looked up, and the second server is asked when the first refuses", function(t)
  local alice, first, second = t:wire("alice"), t:wire("first"), t:wire("second")
  local proxy = t:proxy("proxy", { record_route = true })
  zone(t, first, second)
  alice:send(proxy, { method = "INVITE", uri = "sip:bob@biloxi.example", branch = "z9hG4bKalice" })
  local one = first:expect("INVITE")
  expect(one.uri.host):equals("biloxi.example")
  first:reply(one, 503)
  first:expect("ACK")
  local two = second:expect("INVITE")
  expect(#two.via):equals(2)
  expect(two.via[2].branch):equals("z9hG4bKalice")
  expect(two.via[1].branch):never():equals(one.via[1].branch)
  expect(#two.record_route):equals(1)
  expect(two.max_forwards):equals(69)
  second:reply(two, 486)
  second:expect("ACK")
  alice:expect(486)
end)

scenario("all servers of a name say 503: 500", function(t)
  local alice, first, second = t:wire("alice"), t:wire("first"), t:wire("second")
  local proxy = t:proxy("proxy")
  zone(t, first, second)
  alice:send(proxy, { method = "OPTIONS", uri = "sip:bob@biloxi.example" })
  first:reply(first:expect("OPTIONS"), 503)
  second:reply(second:expect("OPTIONS"), 503)
  alice:expect(500)
end)

scenario("a name that is nowhere: 500", function(t)
  local alice, proxy = t:wire("alice"), t:proxy("proxy")
  t.net:dns { ["known.example"] = { a = alice } }
  alice:send(proxy, { method = "OPTIONS", uri = "sip:bob@unknown.example" })
  alice:expect(500)
end)

scenario("cancelled after the second try: the CANCEL goes there", function(t)
  local alice, first, second = t:wire("alice"), t:wire("first"), t:wire("second")
  local proxy = t:proxy("proxy")
  zone(t, first, second)
  local invite = alice:send(proxy, { method = "INVITE", uri = "sip:bob@biloxi.example" })
  first:reply(first:expect("INVITE"), 503)
  first:expect("ACK")
  local came = second:expect("INVITE")
  second:reply(came, 180)
  alice:expect(180)
  alice:send(proxy, sip.cancel(invite))
  alice:expect("200 CANCEL")
  local cancel = second:expect("CANCEL")
  expect(cancel.via[1].branch):equals(came.via[1].branch)
  second:reply(cancel, 200)
  second:reply(came, 487)
  second:expect("ACK")
  alice:send(proxy, sip.ack(invite, alice:expect(487)))
end)
