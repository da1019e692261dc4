-- A hundred scenarios of one call each.
for i = 1, 100 do
  scenario(("call %d"):format(i), function(t)
    local alice, bob = t:agents("alice", "bob")
    local call = alice:invite(bob)
    local leg = bob:expect_invite()
    leg:ring()
    leg:answer()
    call:wait("confirmed")
    call:bye()
    leg:wait("terminated")
    call:wait("terminated")
  end)
end
