-- RFC 3261 §17.2.2, §18, RFC 3581: where a response goes, what it says of its way, and what a stream may do.
local device = require("_device")

group("uas", { needs = { "uas" }, tags = { "uas", "transport" } }, function()
  scenario("a copy of a request gets the answer again", { needs = { "udp" }, covers = { "STN-002" } }, function(t)
    local w = t:wire("w")
    local asked = w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri })
    local first = w:expect("200 OPTIONS")
    w:send(t.dut, asked)
    t:sleep("300ms")
    local said = t:messages("dut->>w: 200 OPTIONS")
    expect(#said):equals(2)
    expect(said[2].to.tag):equals(first.to.tag)
  end)

  scenario("a sent-by that is not the source is put right by received", { covers = { "TRP-006" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, headers = {
      Via = "SIP/2.0/UDP elsewhere.invalid:" .. w.address:match("%d+$") .. ";branch=" .. sip.branch() } })
    expect(w:expect("200 OPTIONS").via[1].params.received):equals(device.host(w))
  end)

  scenario("without rport the answer goes to the port of sent-by", { needs = { "udp" }, covers = { "TRP-008" } },
  function(t)
    local w = t:wire("w")
    local listens = t:wire("listens", { address = device.host(w) })
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, headers = {
      Via = device.via(listens) .. ";branch=" .. sip.branch() } })
    listens:expect("200 OPTIONS")
  end)

  scenario("with rport it goes back to where the request came from",
    { needs = { "udp" }, covers = { "TRP-009", "TRP-009b", "TRP-010", "TRP-010b" } }, function(t)
      local w, other = t:wire("w"), t:wire("other_side")
      w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, headers = {
        Via = device.via(other) .. ";rport;branch=" .. sip.branch() } })
      local via = w:expect("200 OPTIONS").via[1]
      expect(via.params.rport):equals((w.address:match("%d+$")))
      expect(via.params.received):equals(device.host(w))
    end)

  scenario("octets beyond Content-Length are nobody's", { covers = { "TRP-015" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, headers = { ["Content-Length"] = "0" }, body = "and more" })
    w:expect("200 OPTIONS")
  end)

  scenario("a datagram that ends too early is a 400", { needs = { "udp" }, covers = { "TRP-016" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, headers = { ["Content-Length"] = "100" }, body = "too short" })
    w:expect("400 OPTIONS")
  end)
end)

group("uas", { needs = { "uas", "tcp" }, tags = { "uas", "transport" } }, function()
  local function options(t, w, i)
    return sip.request { method = "OPTIONS", uri = t.dut.uri .. ";transport=tcp", headers = {
      Via = "SIP/2.0/TCP " .. w.address .. ";branch=" .. sip.branch(), From = "<" .. w.uri .. ">;tag=" .. i,
      CSeq = i .. " OPTIONS" } }.raw
  end

  scenario("two requests in one piece are two requests", { covers = { "TRP-020" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    w:connect(t.dut)
    w:write(options(t, w, 1) .. options(t, w, 2))
    w:expect_all { "200 OPTIONS [CSeq.number = 1]", "200 OPTIONS [CSeq.number = 2]" }
  end)

  scenario("one request in many pieces is one", { covers = { "TRP-020" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    w:connect(t.dut)
    local bytes = options(t, w, 1)
    for i = 1, #bytes, 40 do
      w:write(bytes:sub(i, i + 39))
      t:sleep("2ms")
    end
    w:expect("200 OPTIONS")
    w:expect_none("*", "200ms")
  end)

  scenario("empty lines before a request are skipped", { covers = { "TRP-019" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    w:connect(t.dut)
    w:write("\r\n\r\n" .. options(t, w, 1))
    w:expect("200 OPTIONS")
    w:write(("\r\n"):rep(1000) .. options(t, w, 2))
    w:expect("200 OPTIONS")
  end)

  scenario("the answer comes by the connection of the request", { covers = { "TRP-013", "TRP-018" } }, function(t)
    local w = t:wire("w", { transport = "tcp" })
    w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri })
    local answer = w:expect("200 OPTIONS")
    expect(answer.transport):equals("tcp")
    expect(answer:header("Content-Length")):exists()
  end)
end)
