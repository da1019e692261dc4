for _, status in ipairs{ 403, 404, 480, 486, 488, 600, 603 } do
  scenario("a callee that refuses with " .. status, function(t)
    local alice, bob = t:agents("alice", "bob")
    local call = alice:invite(bob)
    bob:expect_invite():reject(status)
    call:expect(status)
  end)
end

scenario("a call is set up and ended", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  leg:bye()
  call:wait("terminated")
end)
