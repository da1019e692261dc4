-- RFC 4475 §3.1.1: messages that look wrong, and are right.
local torture = require("_torture")

group("uas", { needs = { "uas" }, tags = { "uas", "torture" } }, function()
  scenario("an INVITE that is folded all over is understood", { covers = { "TOR-wsinv", "MSG-004" } }, function(t)
    local edits = { ["branch=390skdjuw"] = "branch=z9hG4bK" .. sip.tag() }
    local answer, sent = torture.answers(t, "rfc4475/wsinv", "180|183|200|481", { edits = edits }) -- its To has a tag
    expect(#answer.via):equals(3)
    expect(answer.via[3].branch):equals("z9hG4bK30239")
    expect(answer.cseq.number):equals(9)
    expect(answer.from.tag):equals("98asjd8")
    expect(answer.call_id):equals(sent.call_id)
  end)

  scenario("a method of all the characters there are is unknown", { covers = { "TOR-intmeth" } }, function(t)
    local answer, sent = torture.answers(t, "rfc4475/intmeth", "405|501",
      { uri = "example%.com", as = t.dut.address })
    expect(answer.cseq.method):equals("!interesting-Method0123456789_*+`.%indeed'~")
    expect(answer.call_id):equals(sent.call_id)
    expect(answer.from.tag):equals("_token~1'+`*%!-.")
    expect(answer.to.display):equals(sent.to.display)
  end)

  for _, case in ipairs {
    { "escapes in URIs are those of the grammar", "esc01", "180|183|200" },
    { "RE%47IST%45R is no REGISTER", "esc02", "405|501", "MSG-021c" },
    { "a name may stand right before <", "lwsdisp", "200" },
    { "values may be very long", "longreq", "180|183|200|414|513" }, -- and too long: that is no mistake
    { "parts may hold zeros", "mpart01", "200|202|405|415|501" },
  } do
    local name, message, pattern, id = table.unpack(case)
    scenario(name, { covers = { "TOR-" .. message, id } }, function(t)
      local edits = { [";received=192%.0%.2%.5"] = "" }       -- of longreq: there is nobody
      local answer, sent = torture.answers(t, "rfc4475/" .. message, pattern, { edits = edits })
      expect(answer.call_id):equals(sent.call_id)
      expect(answer:header("From")):equals(sent:header("From"))
      expect(answer.to.display):equals(sent.to.display)
    end)
  end

  scenario("a ; and an escaped @ may be in the name of a user", { covers = { "TOR-semiuri" } }, function(t)
    local uri = t.dut.uri:gsub("@", ";par=u%%40example.net@")
    torture.answers(t, "rfc4475/semiuri", "200|404", { uri = "sip:[^ ]*", as = uri }) -- 404: it knows no such user
  end)

  scenario("what stands behind a message in its datagram is nothing", { needs = { "udp" }, covers = { "TOR-dblreq" } },
  function(t)
    local _, _, w = torture.answers(t, "rfc4475/dblreq", "200|401|405|501")
    w:expect_none("*", "500ms")
  end)

  scenario("transports that nobody knows are of no interest behind the first Via",
    { covers = { "TOR-transports" } }, function(t)
      local answer = torture.answers(t, "rfc4475/transports", "200 OPTIONS")
      expect(#answer.via):equals(5)
      expect(answer.via[4].host):equals("t4.example.com")
      for i, branch in ipairs { "kdjuw", "klasjdhf", "2980unddj", "asd0f3en", "0a9idfnee" } do
        expect(answer.via[i].branch):equals("z9hG4bK" .. branch)
      end
    end)
end)
