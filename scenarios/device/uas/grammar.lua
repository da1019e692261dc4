-- RFC 3261 §7, §19, §25: one OPTIONS, written in every way that the grammar allows. Each is answered as the plain one is.
local device = require("_device")

-- The rows of a plain request, in order; changed by name.
local function rows(t, w, changed)
  local list = {
    { "Via", "SIP/2.0/UDP " .. w.address .. ";branch=" .. sip.branch() }, { "Max-Forwards", "70" },
    { "From", '"Alice" <sip:alice@example.com>;tag=' .. sip.tag() }, { "To", "<" .. t.dut.uri .. ">" },
    { "Call-ID", sip.call_id() }, { "CSeq", "1 OPTIONS" }, { "Contact", "<" .. w.uri .. ">" }, { "Content-Length", "0" },
  }
  for _, row in ipairs(list) do row[2] = changed and changed[row[1]] or row[2] end
  return list
end

local function written(t, list, opts)
  opts = opts or {}
  local lines = { "OPTIONS " .. (opts.uri or t.dut.uri) .. " " .. (opts.version or "SIP/2.0") }
  for _, row in ipairs(list) do
    lines[#lines + 1] = (opts.name or tostring)(row[1]) .. (opts.colon or ": ") .. (opts.value or tostring)(row[2])
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

local compact = { Via = "v", From = "f", To = "t", ["Call-ID"] = "i", Contact = "m", ["Content-Length"] = "l" }

local ways = {
  { "plainly", "MSG-010", function(t, w) return written(t, rows(t, w)) end },
  { "with compact names", "MSG-003", function(t, w)
    return written(t, rows(t, w), { name = function(name) return compact[name] or name end }) end },
  { "with names in any case", "MSG-002", function(t, w)
    return written(t, rows(t, w), { name = function(name) return name:gsub("%w", string.lower):gsub("%w", string.upper, 3) end }) end },
  { "with folded lines", "MSG-004", function(t, w)
    return written(t, rows(t, w), { value = function(value) return (value:gsub("[; ]", function(c) return "\r\n \t" .. (c == " " and "" or c) end, 1)) end }) end },
  { "with blanks around colons", "MSG-N03", function(t, w) return written(t, rows(t, w), { colon = " \t :  " }) end },
  { "with parameters in capitals", "MSG-N04", function(t, w)
    return written(t, rows(t, w, { Via = "sip/2.0/udp " .. w.address .. ";BRANCH=" .. sip.branch() .. ";RPORT" })) end },
  { "with sip/2.0", "MSG-N01", function(t, w) return written(t, rows(t, w), { version = "sip/2.0" }) end },
  { "with unknown parameters of the URI", "MSG-N06", function(t, w) return written(t, rows(t, w), { uri = t.dut.uri .. ";odd;x=1" }) end },
  { "with unknown parameters of headers", "MSG-N05", function(t, w)
    return written(t, rows(t, w, { Contact = "<" .. w.uri .. ">;odd;x=1", To = "<" .. t.dut.uri .. ">;odd" })) end },
  { "with quotes in the name", "MSG-020", function(t, w)
    return written(t, rows(t, w, { From = [["a\"b\\c, <sip:x@y>;tag=no" <sip:alice@example.com>;tag=]] .. sip.tag() })) end },
  { "with a long From", "TOR-longreq", function(t, w)
    return written(t, rows(t, w, { From = '"' .. ("I have a user name of extreme proportion "):rep(40) .. '" <sip:alice@example.com>;tag=' .. sip.tag() })) end },
}

group("uas", { needs = { "uas" }, tags = { "uas", "grammar" } }, function()
  for _, way in ipairs(ways) do
    scenario("OPTIONS " .. way[1], { covers = { way[2] } }, function(t)
      device.lives(t)
      local w = t:wire("w")
      local sent = w:send(t.dut, way[3](t, w))
      local answer = w:expect("200 OPTIONS")
      expect(answer.call_id):equals(sent.call_id)
      expect(answer.from.tag):equals(sent.from.tag)
      expect(answer.via[1].branch):equals(sent.via[1].branch)
    end)
  end

  for name, header in pairs {
    ["unknown headers"] = { "MSG-008", { NewFangledHeader = "newfangled value", UnknownHeaderWithUnusualValue = ";;,,;;,;" } },
    ["headers of responses"] = { "MSG-007", { ["Retry-After"] = "3600", Unsupported = "foo" } },
    ["a bad Date"] = { "MSG-009", { Date = "Fri, 01 Jan 2010 16:00:00 EST" } },
  } do
    scenario(name .. " are of no interest", { covers = { header[1] } }, function(t)
      local w = t:wire("w")
      w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, headers = header[2] })
      w:expect("200 OPTIONS")
    end)
  end

  for name, header in pairs {
    ["without a Call-ID"] = { "MSG-N14", { ["Call-ID"] = false } },
    ["without a From"] = { "MSG-N14", { From = false } },
    ["whose CSeq has another method"] = { "MSG-016c", { CSeq = "1 INVITE" } },
    ["whose CSeq is too large"] = { "MSG-016b", { CSeq = "36893488147419103232 OPTIONS" } },
  } do
    scenario("a request " .. name .. " is a 400, or nothing", { covers = { header[1] } }, function(t)
      local w = t:wire("w")
      w:send(t.dut, { method = "OPTIONS", uri = t.dut.uri, headers = header[2] })
      local answer = w:maybe("*", { within = "300ms" })
      if answer then expect(answer.status):equals(400) end
      device.lives(t)
    end)
  end

  scenario("noise is answered by nobody, and does no harm", function(t)
    local w = t:wire("w")
    for _, noise in ipairs { "\0\1\2\3 this is not SIP at all", "SIP/2.0 200 OK\r\n\r\n", "\r\n\r\n", "OPTIONS" } do
      w:send(t.dut, noise)
    end
    w:ignore("400")
    w:expect_none("*", "300ms")
    device.lives(t)
  end)
end)
