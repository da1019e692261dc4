-- What can you do? An agent answers OPTIONS by itself.

scenario("OPTIONS tells what an agent can do", function(t)
  local alice, bob = t:agents("alice", "bob")

  local answer = alice:options(bob):response(200)
  expect(answer:header("Allow")):contains("INVITE")
  expect(answer:is("200 OPTIONS [Allow = BYE, Accept = \"application/sdp\"]")):equals(true)
end)

scenario("an agent answers OPTIONS by hand", function(t)
  local alice = t:agent("alice")
  local bob   = t:agent("bob", { manual = { "OPTIONS" } })

  local asked = alice:options(bob)
  bob:expect_request("OPTIONS"):respond(200, { headers = { Allow = "OPTIONS", Server = "bob/1" } })
  expect(asked:response().server):equals("bob/1")
end)
