-- A redirect server is asked once and never again: it says where else bob may be, best place first
-- (RFC 3261 §8.3), and the caller goes there by itself.

scenario("a redirect server sends the caller to the next phone", function(t)
  local desk = t:agent("desk")
  local server = t:redirect("server", { domain = "example.com", routes = { bob = desk } })
  local alice = t:agent("alice", { outbound = server })

  local call = alice:invite("sip:bob@example.com")
  local moved = call:expect(302)
  expect(moved.contact[1].uri.host):equals(desk.address:match("^(.*):"))
  t:flow [[
    alice->>server: INVITE
    server->>alice: 302
    alice->>server: ACK
  ]]
end)
