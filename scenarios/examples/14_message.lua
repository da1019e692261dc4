-- A text message (RFC 3428), outside of any call.

scenario("a text message arrives", function(t)
  local alice, bob = t:agents("alice", "bob")

  local sent = alice:message(bob, "How about lunch?")
  local text = bob:expect_request("MESSAGE")
  expect(text.request.body):equals("How about lunch?")
  expect(text.request:header("Content-Type")):equals("text/plain")
  text:respond(200)
  sent:response(200)
end)
