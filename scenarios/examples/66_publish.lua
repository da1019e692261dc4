-- Published presence (RFC 3903): the compositor names each state by a new entity-tag, and what is modified,
-- refreshed or removed is named by the last one.

scenario("alice publishes her presence", function(t)
  local alice  = t:agent("alice")
  local server = t:agent("server", { manual = { "PUBLISH" } })

  local presence = alice:publish(server, "presence", "<presence>open</presence>", { expires = "1h" })
  local first = server:expect_publish("presence")
  expect(first.request:header("SIP-If-Match")):is_nil()
  first:accept{ etag = "dx200xyz", expires = "30m" }
  presence:wait("active")
  expect(presence.etag):equals("dx200xyz")
  expect(presence.expires):between(1799, 1800)

  local change = presence:modify("<presence>busy</presence>")
  local second = server:expect_publish("presence")
  expect(second.request:header("SIP-If-Match")):equals("dx200xyz")
  second:accept()                                -- with an entity-tag of its own making
  change:response(200)
  expect(presence.etag):matches("^server-")

  local stale = presence:refresh()               -- the server has forgotten it meanwhile
  local third = server:expect_publish("presence")
  expect(third.request.body):equals("")          -- RFC 3903 §4.3
  third:respond(412)
  stale:response(412)
  presence:wait("terminated")
  expect(presence.ended):equals("lost")          -- what is to be published now begins anew: §5
end)
