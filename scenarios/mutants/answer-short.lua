-- RFC 3264 §6: an answer has as many m-lines as its offer.
local alice_of = require("_alice")

scenario("an answer has a line for each stream that was offered", function(t)
  local alice, bob = alice_of(t), t:wire("bob")
  local offer = sip.sdp { address = bob.address,
                          media = { { kind = "audio" }, { kind = "video", codecs = { "H261/90000" } } } }
  bob:send(alice, { method = "INVITE", uri = alice.uri, sdp = offer })
  alice:expect_invite():answer()
  local ok = bob:expect("200 INVITE")
  bob:ignore("*")                     -- of no interest here: copies without an ACK
  local _, count = ok.raw:gsub("\nm=", "")
  expect(count, "m-lines"):equals(2)
end)
