-- RFC 3261 §17.2.3, §8.2.2.2: which request is a copy of which.
local device = require("_device")

local function via(w, branch)
  return device.via(w) .. (branch and ";branch=" .. branch or "")
end

-- An OPTIONS as a wire sends it by hand.
local function options(t, headers)
  return sip.request { method = "OPTIONS", uri = t.dut.uri, headers = headers }
end

local function from(w) return "<" .. w.uri .. ">;tag=" .. sip.tag() end

-- A call in which nothing has a branch; the device refuses it, or is cancelled.
local function old(t, w, extra)
  local headers = { Via = via(w), From = from(w), ["Call-ID"] = sip.call_id(), CSeq = "1 INVITE" }
  for name, value in pairs(extra or {}) do headers[name] = value end
  return sip.request(device.invite(t, w, { headers = headers }))
end

group("uas", { needs = { "uas" }, tags = { "uas" } }, function()
  scenario("one branch from two ports is two requests", { covers = { "MAT-001" } }, function(t)
    local one, two = t:wire("one"), t:wire("two")
    local branch = sip.branch()
    for _, w in ipairs { one, two } do
      w:send(t.dut, options(t, { Via = via(w, branch), From = from(w) }))
    end
    expect(one:expect("200 OPTIONS").via[1].port):equals(tonumber(one.address:match("%d+$")))
    expect(two:expect("200 OPTIONS").via[1].port):equals(tonumber(two.address:match("%d+$")))
  end)

  scenario("one branch of two methods is two requests", { covers = { "MAT-N11" } }, function(t)
    local w = t:wire("w")
    local branch = sip.branch()
    w:send(t.dut, options(t, { Via = via(w, branch), From = from(w) }))
    w:expect("200 OPTIONS")
    w:send(t.dut, sip.request { method = "MESSAGE", uri = t.dut.uri, body = "hi", content_type = "text/plain",
      headers = { Via = via(w, branch), From = from(w) } })
    expect(w:expect("* [CSeq.method = MESSAGE]").status):at_least(200)
  end)

  for name, branch in pairs { ["without a branch"] = false, ["whose branch has no cookie"] = "one" } do
    scenario("a copy of a request " .. name .. " gets its answer again", { needs = { "udp" }, covers = { "MAT-N12" } },
    function(t)
      device.lives(t)
      local w = t:wire("w")
      local asked = w:send(t.dut, options(t, { Via = via(w, branch), From = from(w) }))
      local first = w:expect("200 OPTIONS")
      w:send(t.dut, asked)
      t:sleep("300ms")
      local said = t:messages("dut->>w: 200 OPTIONS")
      expect(#said):equals(2)
      expect(said[2].to.tag):equals(first.to.tag)
    end)
  end

  scenario("a branch that is the cookie and no more makes no two requests one", { covers = { "MAT-004" } }, function(t)
    local w = t:wire("w")
    for _, id in ipairs { "one", "two" } do
      w:send(t.dut, options(t, { Via = via(w, "z9hG4bK"), From = from(w), ["Call-ID"] = id }))
      expect(w:expect("200|400 OPTIONS").call_id):equals(id)
    end
    device.lives(t)
  end)

  scenario("an INVITE without a branch is known again, and its next number is another", { covers = { "MAT-002" } },
    function(t)
      if t.dut:supports("auto_answer") then t:skip("it answers by itself") end
      device.lives(t)
      local w = t:wire("w")
      w:ignore("1xx INVITE")
      local invite = w:send(t.dut, old(t, w))
      t:sleep("300ms")
      w:send(t.dut, invite)
      t:sleep("300ms")
      local rung = t:messages("dut->>w: 180|183 INVITE")
      expect(#rung):at_least(2)
      for _, response in ipairs(rung) do expect(response.to.tag):equals(rung[1].to.tag) end
      local other = w:send(t.dut, invite:with { cseq = 2 })
      t:sleep("300ms")
      local said = t:messages("dut->>w: 1xx|4xx|5xx INVITE [CSeq.number = 2]")
      expect(#said):at_least(1)                             -- a call, or 482, or 491: but its own
      w:ignore("*")
      for _, one in ipairs { invite, other } do
        w:send(t.dut, sip.cancel(one))
        t:sleep("200ms")
        local refused = t:messages("dut->>w: 4xx|5xx INVITE [CSeq.number = " .. one.cseq.number .. "]")
        if refused[1] then w:send(t.dut, sip.ack(one, refused[1])) end
      end
    end)

  scenario("an INVITE by two ways is merged", { covers = { "MAT-005" } }, function(t) -- SHOULD
    local w = t:wire("w")
    local invite, first = device.rings(t, w)
    if first.status == 200 then t:skip("it answers at once") end
    local other = w:send(t.dut, invite:with { branch = sip.branch() })
    w:send(t.dut, sip.ack(other, w:expect("482 INVITE")))
    w:send(t.dut, sip.cancel(invite))
    w:send(t.dut, sip.ack(invite, w:expect_all { "200 CANCEL", "487 INVITE" }[2]))
  end)
end)

group("uas", { needs = { "uas", "trigger:reject" }, tags = { "uas" } }, function()
  scenario("the ACK of an INVITE without a branch is known by its To tag",
    { needs = { "udp" }, covers = { "MAT-002b" } }, function(t)
    device.lives(t)
    local w = t:wire("w")
    w:ignore("1xx INVITE")
    local invite = w:send(t.dut, old(t, w))
    t:sleep("300ms")
    t.dut:trigger("reject")
    local refusal = w:expect("4xx|6xx INVITE")
    local ack = sip.ack(invite, refusal)
    w:send(t.dut, ack:with { to_tag = "wrong" })
    t:sleep("1.8s")
    expect(#t:messages("dut->>w: 4xx|6xx INVITE")):equals(3)
    w:send(t.dut, ack)
    t:sleep("2.2s")
    expect(#t:messages("dut->>w: 4xx|6xx INVITE")):equals(3)
  end)
end)

scenario("no two requests have one branch", { needs = { "uac", "trigger:call" }, tags = { "uac" },
  covers = { "MAT-003", "MAT-003b" } }, function(t)
    local seen = {}
    for i = 1, 8 do
      local w = t:wire("w" .. i)
      local invite = device.calls(t, w)
      device.taken(w, invite)
      local ack = w:expect("ACK")
      w:send(t.dut, { method = "BYE", uri = tostring(invite.contact[1].uri), cseq = 1, headers = {
        ["Call-ID"] = invite.call_id, From = ack:header("To"), To = ack:header("From") } })
      w:expect("200 BYE")
      for _, request in ipairs { invite, ack } do
        local branch = request.via[1].branch
        expect(branch):matches("^z9hG4bK.")
        expect(seen[branch], "where else " .. branch .. " was"):is_nil()
        seen[branch] = request.method
      end
    end
  end)
