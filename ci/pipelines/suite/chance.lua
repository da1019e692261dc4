-- What befalls a message here comes from the seed: a shard that had one of its own would be told apart.
for i = 1, 4 do
  scenario("a lossy link " .. i, function(t)
    local alice, bob = t:agents("alice", "bob")
    t.net:link("alice", "bob", { loss = 0.3 })
    local call = alice:options(bob)
    call:expect(200)
  end)
end

scenario("what is not done yet", { skip = "nobody has written it" }, function() end)
