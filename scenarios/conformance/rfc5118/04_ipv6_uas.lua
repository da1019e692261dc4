-- RFC 5118 §4: messages with addresses of IPv6, sent over what there is. Three have a wrong Content-Length in the RFC;
-- it is put right.
local torture = require("_torture")

-- What a device says to what it understands; that this is not its address is no mistake.
local registers = "200|401|403|404|405|501"
local rings = "180|183|200|404|488"

-- TRP-006 (received) has scenarios of its own.
group("uas", { needs = { "uas" }, tags = { "uas", "torture" }, allow = { "TRP-006" } }, function()
  for _, case in ipairs {
    { "an address in [] is one", "ipv6-good", registers, "IP6-001" },
    { "an address without [] is a 400", "ipv6-bad", "400", "IP6-002" },
    { "a number in [] is of the address", "port-ambiguous", registers, "IP6-003" },
    { "a number behind [] is a port", "port-unambiguous", registers },
    { "received may have []", "via-received-param-with-delim", "481|404", "IP6-004" },
    { "received may have no []", "via-received-param-no-delim", "200|404", "IP6-004" },
    { "a colon too many is borne", "ipv6-bug-abnf-3-colons", "200|400|404", "IP6-007" },
    { "an address may end as one of IPv4", "ipv6-correct-abnf-2-colons", "200|404", "IP6-007" },
  } do
    local name, message, pattern, id = table.unpack(case)
    scenario(name, { covers = { "TOR-" .. message, id } }, function(t)
      local answer, sent = torture.answers(t, "rfc5118/" .. message, pattern, { uri = false })
      expect(answer.call_id):equals(sent.call_id)
      expect(answer.via[1].host):equals(sent.via[1].host)
    end)
  end

  for _, case in ipairs {
    { "a session may be at an address of IPv6", "ipv6-in-sdp", "IP6-010" },
    { "a session may be at addresses of both kinds", "mult-ip-in-sdp" },
    { "an address of IPv4 may be written as one of IPv6", "ipv4-mapped-ipv6", "IP6-006" },
  } do
    local name, message, id = table.unpack(case)
    scenario(name, { covers = { "TOR-" .. message, id } }, function(t)
      local answer = torture.answers(t, "rfc5118/" .. message, rings, { mended = true })
      expect(answer.via[1].host):matches(":")
    end)
  end

  scenario("the Vias of an answer are those of both kinds", { covers = { "TOR-mult-ip-in-header", "IP6-005" } },
    function(t)
      local answer = torture.answers(t, "rfc5118/mult-ip-in-header", "481")
      expect(#answer.via):equals(3)
      expect(answer.via[2].host):equals("192.0.2.1")
      expect(answer.via[3].host):contains("2001:db8::9:255")
      expect(answer.via[3].params.received):equals("192.0.2.200")
    end)
end)
