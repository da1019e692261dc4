-- Ladders in which much stands beside much: the page has to find a place for every word.
local function names_each(t, names)
  local agents = {}
  for i, name in ipairs(names) do agents[i] = t:agent(name) end
  return agents
end

scenario("two hundred messages between eight parties", function(t)
  local hub = t:agent("a_rather_long_name_of_a_party")
  local agents = names_each(t, { "alice", "bob", "carol", "dave", "erin", "frank", "grace" })
  for round = 1, 15 do
    for _, one in ipairs(agents) do
      if round % 2 == 0 then one:options(hub):response(200) else hub:options(one):response(200) end
    end
  end
end)

scenario("many calls within a few milliseconds", function(t)
  local alice, bob, carol = t:agents("alice", "bob", "carol")
  t.net:link("*", "*", { latency = "3ms", jitter = "3ms" })
  local calls = {}
  for i = 1, 6 do calls[i] = (i % 2 == 0 and alice or carol):invite(bob) end
  for _ = 1, 6 do bob:expect_invite():answer() end
  for i = 1, 6 do calls[i]:wait("confirmed") end
  for i = 1, 6 do calls[i]:bye():response(200) end
end)

scenario("a link that loses, copies and reorders", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.net:link("alice", "bob", { loss = 0.3, latency = "30ms", jitter = "60ms", duplicate = 0.3 })
  for i = 1, 8 do
    t:step("question " .. i, function() alice:options(bob):response(200, { within = "30s" }) end)
  end
end)

scenario("everybody at once", function(t)
  local hub = t:agent("hub")
  t.net:link("*", "*", { latency = "1ms", jitter = "20ms" })
  local asked = {}
  for i, one in ipairs(names_each(t, { "alice", "bob", "carol", "dave", "erin", "frank", "grace" })) do
    for _ = 1, 4 do asked[#asked + 1] = one:options(hub) end
    asked[#asked + 1] = hub:options(one)
  end
  for _, request in ipairs(asked) do request:response(200) end
end)
