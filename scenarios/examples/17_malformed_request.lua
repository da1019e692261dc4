-- A wire is a socket without a stack: every byte is the scenario's, right or wrong.

scenario("a request without CSeq is refused with 400", function(t)
  local bob = t:agent("bob")
  local w   = t:wire("w")

  w:send(bob, { method = "OPTIONS", uri = bob.uri, headers = { CSeq = false } })
  local refused = w:expect("400")
  expect(refused.to.tag):exists()
end)

scenario("noise is answered by nothing", function(t)
  local bob = t:agent("bob")
  local w   = t:wire("w")

  w:send(bob, "\0\1\2\3 this is not SIP at all")
  w:expect_none("*", "1s")
  w:send(bob, { method = "OPTIONS", uri = bob.uri })     -- and bob is as well as before
  w:expect("200 OPTIONS")
end)
