-- RFC 4475 §3.2, §3.3, §3.4: messages that are well written, and ask for what cannot be.
local torture = require("_torture")

group("uas", { needs = { "uas" }, tags = { "uas", "torture" } }, function()
  for _, case in ipairs {
    { "a branch that is nothing but its cookie does no harm", "badbranch", "200|400" },
    { "a scheme that nobody knows is a 416", "unkscm", "416", "UAS-003" },
    { "a scheme that is not of SIP is a 416, or a 404", "novelsc", "404|416" },
    { "a body that nobody knows is a 415", "invut", "415", "UAS-007" },
    { "credentials of a scheme that nobody knows are passed over", "regaut01", "200|401|405|501" },
    { "two of each header are a 400", "multi01", "400", "MSG-018b" },
    { "two lengths are an error", "mcl01", "4xx|5xx" },
    { "Max-Forwards 0 is far enough for an end", "zeromf", "200" },
    { "an INVITE of RFC 2543 is an INVITE", "inv2543", "180|183|200", nil, { "udp" } },
  } do
    local name, message, pattern, id, needs = table.unpack(case, 1, 5)
    scenario(name, { needs = needs or {}, covers = { "TOR-" .. message, id } }, function(t)
      local uri
      if message == "unkscm" or message == "novelsc" then uri = { uri = false } end
      torture.answers(t, "rfc4475/" .. message, pattern, uri)
    end)
  end

  scenario("without Call-ID, From and To nothing breaks", { covers = { "TOR-insuf", "MSG-N14" } }, function(t)
    torture.answers(t, "rfc4475/insuf", "400", { silent = true })
  end)

  scenario("each extension that nobody knows is named in the 420", { covers = { "TOR-bext01", "UAS-005" } }, function(t)
    local unsupported = torture.answers(t, "rfc4475/bext01", "420"):header("Unsupported")
    expect(unsupported):contains("nothingSupportsThis,")
    expect(unsupported):contains("nothingSupportsThisEither")
    expect(unsupported):never():contains("ProxiesSupportThis")
  end)

  scenario("who takes no session description gets no session", { covers = { "TOR-sdp01" } }, function(t)
    local w = t:wire("w")
    w:ignore("100|180|183")
    local invite = w:send(t.dut, torture.message(t, w, "rfc4475/sdp01"))
    t:sleep("200ms")
    if #t:messages("dut->>w: 180|183") > 0 then t.dut:trigger("answer") end
    local answer = w:expect("400|406")
    w:send(t.dut, sip.ack(invite, answer))
  end)
end)
