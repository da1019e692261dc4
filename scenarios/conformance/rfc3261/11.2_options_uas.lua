-- RFC 3261 §11.2, §12.1: OPTIONS asks, and makes nothing.

group("uas", { needs = { "uas" }, tags = { "uas" } }, function()
  scenario("OPTIONS makes no dialog", { covers = { "OPT-003b" } }, function(t)
    local w = t:wire("w")
    local asked = w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri })
    local ok = w:expect("200 OPTIONS")
    w:send(t.dut, { method = "BYE", uri = t.dut.uri, from_tag = asked.from.tag, to_tag = ok.to.tag, cseq = 2,
      headers = { ["Call-ID"] = asked.call_id } })
    w:expect("481 BYE")
  end)
end)
