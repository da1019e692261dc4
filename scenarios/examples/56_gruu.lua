-- RFC 5627: two phones have one address. The registrar gives each a URI of its own, a GRUU; a call to the
-- address rings both, a transfer to the GRUU reaches the one phone that is meant.
scenario("a transfer to one of two phones", function(t)
  local proxy = t:proxy("proxy", { domain = "example.com", registrar = true })
  local desk, mobile = t:agents("desk", "mobile", { uri = "sip:alice@example.com", outbound = proxy })
  desk:register(proxy, { gruu = true }):wait("registered")
  mobile:register(proxy, { gruu = true }):wait("registered")
  local bob, carol = t:agents("bob", "carol", { outbound = proxy })

  local call = bob:invite("sip:alice@example.com")       -- both ring
  local other, leg = mobile:expect_invite(), desk:expect_invite()
  leg:answer()
  call:wait("confirmed")
  other:wait("terminated")

  local phone = call.dialog.remote_target                -- the GRUU that the desk phone has in its Contact
  expect(phone):matches("^sip:alice@example.com;gr=urn:uuid:")
  local new = carol:invite(phone, { replaces = call })   -- carol takes the call over, from that very phone
  desk:expect_invite { replaces = leg }:answer()
  new:wait("confirmed")
  call:wait("terminated")
  mobile:expect_none("INVITE", "1s")

  t:flow([[
    carol->>proxy: INVITE [uri.params.gr, Replaces]
    proxy->>desk: INVITE [!uri.params.gr, Replaces]
    desk->>proxy: 200 INVITE
    proxy->>carol: 200 INVITE
  ]], { loose = true })
end)
