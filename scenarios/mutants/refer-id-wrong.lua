-- RFC 3515 §2.4.6: the id of a NOTIFY, if it has one, is the CSeq number of its REFER.
local alice_of = require("_alice")

scenario("a NOTIFY of a REFER belongs to that REFER", function(t)
  local alice, w = alice_of(t), t:wire("w")
  w:ignore("200|500")
  w:send(alice, sip.request { method = "REFER", uri = alice.uri, contact = w.uri, cseq = "93 REFER",
    headers = { ["Refer-To"] = "<sip:carol@192.0.2.9>" } })
  local sub = alice:expect_refer()
  sub:accept { notify = false }
  sub:notify("180")
  local notify = w:expect("NOTIFY")
  w:reply(notify, 481)
  sub:expect(481)
  expect(notify:header("Event")):one_of { "refer", "refer;id=93" }
end)
