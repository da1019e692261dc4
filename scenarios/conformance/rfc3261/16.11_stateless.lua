-- RFC 3261 §16.11: a proxy that remembers nothing.

group("proxy", { needs = { "stateless" }, tags = { "proxy" } }, function()
  -- Of another domain, so that it has nothing to look up.
  local function passes(t, method)
    local caller, desk = t:wire("caller"), t:wire("desk")
    desk:ignore("*")
    local function send() return caller:send(t.dut, { method = method, uri = desk.uri }) end
    return caller, send
  end

  scenario("each copy, and the CANCEL, goes by one and the same branch", { covers = { "PRX-022b" } }, function(t)
    local caller, send = passes(t, "INVITE")
    local sent = send()
    for _ = 1, 2 do
      t:sleep("500ms")
      caller:send(t.dut, sent)
    end
    caller:send(t.dut, sip.cancel(sent))
    t:sleep("100ms")
    local there = t:messages("dut->>desk: *")
    expect(#there):equals(4)
    for _, msg in ipairs(there) do expect(msg.via[1].branch):equals(there[1].via[1].branch) end
  end)

  scenario("another request has another branch", { covers = { "PRX-022b" } }, function(t)
    local _, send = passes(t, "MESSAGE")
    for _ = 1, 3 do send() end
    t:sleep("100ms")
    local seen, there = {}, t:messages("dut->>desk: MESSAGE")
    expect(#there):equals(3)
    for _, msg in ipairs(there) do
      expect(seen[msg.via[1].branch]):is_nil()
      seen[msg.via[1].branch] = true
    end
  end)

  scenario("it says nothing of its own", { covers = { "PRX-N08" } }, function(t)
    local caller, send = passes(t, "INVITE")
    send()
    caller:expect_none("*", "5s")
  end)
end)
