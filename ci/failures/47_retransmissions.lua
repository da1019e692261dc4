scenario("the timers of INVITE are taken for those of OPTIONS", function(t)
  local alice, wire = t:agent("alice"), t:wire("wire")
  wire:ignore("OPTIONS")
  alice:options(wire):response("timeout")
  t:flow [[
    alice->>wire: OPTIONS x7 @ 0, 500ms, 1.5s, 3.5s, 7.5s, 15.5s, 31.5s
  ]]
end)
