-- RFC 3262 §3: each reliable response of a request has an RSeq one higher than the last.
local alice_of = require("_alice")

scenario("RSeq rises by one", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  local invite = bob:send(alice, { method = "INVITE", uri = alice.uri, headers = { Supported = "100rel" } })
  local leg = alice:expect_invite()
  local seen = {}
  bob:ignore("500")
  for i, status in ipairs{ 183, 180 } do
    leg:ring{ status = status, reliable = true }
    local response = bob:expect(status)
    seen[i] = tonumber(response:header("RSeq"))
    local dialog = sip.dialog(invite, response)
    local rack = seen[i] .. " " .. invite.cseq.number .. " INVITE"
    bob:send(alice, dialog:request("PRACK", { cseq = invite.cseq.number + i,
                                              headers = { RAck = rack } }))
    bob:expect("200 PRACK")
  end
  leg:reject(486)
  bob:send(alice, sip.ack(invite, bob:expect(486)))
  expect(seen[2]):equals(seen[1] + 1)
end)
