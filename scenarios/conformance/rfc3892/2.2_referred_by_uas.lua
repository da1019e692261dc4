-- RFC 3892 §2.2: who is called since somebody wanted it hears who that was.
local device = require("_device")

-- A 202 is what one scenario of RFC 3515 is about.
group("refer", { needs = { "uas", "refer", "trigger:answer" }, tags = { "uas" }, allow = { "REF-002" } }, function()
  scenario("Referred-By goes along as it came", { covers = { "REF-014" } }, function(t)
    local carol = t:agent("carol")
    local value = '"Alice" <sip:alice@example.com;a=b>;x-unknown="1, 2";cid="token@example.com"'
    device.talks(t, t:agent("alice")):refer(carol, { referred_by = value })
    local leg = carol:expect_invite()
    expect(leg.request:header("Referred-By")):equals(value)
    leg:answer()
  end)
end)
