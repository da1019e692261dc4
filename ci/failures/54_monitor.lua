scenario("a SUBSCRIBE without an event", function(t)
  local alice, reg = t:agent("alice"), t:registrar("reg")
  alice:request("SUBSCRIBE", reg):response(405)
end)
