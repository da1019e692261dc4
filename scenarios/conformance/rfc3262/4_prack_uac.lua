-- RFC 3262 §4: how a caller acknowledges what it is told before the answer.
local device = require("_device")

-- A reliable response of this number.
local function tells(w, invite, rseq, tag, fields)
  local draft = { to_tag = tag or "w", contact = "<" .. device.at(w, tag or "w") .. ">",
    headers = { Require = "100rel", RSeq = tostring(rseq) } }
  for name, value in pairs(fields or {}) do draft[name] = value end
  return w:reply(invite, 183, draft)
end

-- The device acknowledges it: the PRACK, answered.
local function acknowledged(w, invite, rseq, tag)
  local prack = w:expect("PRACK")
  w:reply(prack, 200)
  expect(prack:header("RAck")):equals(rseq .. " " .. invite:header("CSeq"))
  expect(prack.to.tag):equals(tag or "w")
  return prack
end

local function over(w, invite, tag)
  w:reply(invite, 486, { to_tag = tag or "w" })
  w:expect("ACK")
end

group("100rel", { needs = { "uac", "100rel", "trigger:call" }, tags = { "uac" } }, function()
  scenario("a reliable response is acknowledged in its dialog", { covers = { "PRK-009", "PRK-009b" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    tells(w, invite, 7, "here")
    local prack = acknowledged(w, invite, 7, "here")
    expect(prack.uri.user):equals("here")
    expect(prack.cseq.number):equals(invite.cseq.number + 1)
    over(w, invite, "here")
  end)

  scenario("what comes out of order is not acknowledged", { covers = { "PRK-010" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    tells(w, invite, 5)
    acknowledged(w, invite, 5)
    local ahead = tells(w, invite, 7)
    w:expect_none("PRACK", "300ms")
    tells(w, invite, 6)
    acknowledged(w, invite, 6)
    w:send(t.dut, ahead)
    acknowledged(w, invite, 7)
    over(w, invite)
  end)

  scenario("copies of what is acknowledged are passed over", { covers = { "PRK-011", "PRK-011b" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    local said = tells(w, invite, 5)
    acknowledged(w, invite, 5)
    for _ = 1, 2 do
      w:send(t.dut, said)
      w:expect_none("PRACK", "200ms")
    end
    expect(#t:messages("dut->>w: PRACK")):equals(1)
    over(w, invite)
  end)

  scenario("a 100 is not acknowledged, whatever it requires", { covers = { "PRK-012" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    w:reply(invite, 100, { headers = { Require = "100rel", RSeq = "1" } })
    w:expect_none("*", "500ms")
    over(w, invite)
  end)

  scenario("each fork has its acknowledgement", { covers = { "PRK-014" } }, function(t)
    local w = t:wire("w")
    local invite = device.calls(t, w)
    for i, tag in ipairs { "one", "two" } do
      tells(w, invite, i, tag)
      acknowledged(w, invite, i, tag)
    end
    over(w, invite, "one")
  end)
end)
