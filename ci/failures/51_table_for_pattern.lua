scenario("a table stands where a pattern is due", function(t)
  local alice, bob = t:agents("alice", "bob")
  local call = alice:invite(bob)
  call:expect { status = 180 }
end)
