-- An attended transfer through a proxy that stays in the path (RFC 5589 §7.1): everything goes by names, the
-- dialogs by the Record-Route; who carol is, and which of her calls is meant, the Refer-To says.

scenario("an attended transfer, with a proxy in between", function(t)
  local bob, carol = t:agents("bob", "carol")
  local proxy = t:proxy("proxy", { domain = "example.com", routes = { bob = bob, carol = carol },
                                   record_route = true })
  local alice = t:agent("alice", { outbound = proxy })

  local call = alice:invite("sip:bob@example.com")
  local leg  = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  call:hold():response(200)

  local talk  = alice:invite("sip:carol@example.com")
  local asked = carol:expect_invite()
  asked:answer()
  talk:wait("confirmed")

  local transfer = call:refer{ replaces = talk }    -- to where talk goes: carol's Contact
  local refer    = leg:expect_refer()
  refer:accept()
  local new   = refer:follow()
  local third = carol:expect_invite{ replaces = asked }
  third:answer()
  new:wait("confirmed")
  asked:wait("terminated")
  talk:wait("terminated")
  transfer:expect_notify("200")
  transfer:wait("terminated")
  expect(transfer.request.route[1]):exists()        -- the proxy has seen the REFER, too

  call:bye():response("200 BYE")
  expect(new.state):equals("confirmed")
end)
