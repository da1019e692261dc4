-- RFC 3261 §7, §19, §25: one OPTIONS, written in every way that the grammar allows. Each is answered as it is.
local device = require("_device")

-- The rows of a plain request, in order.
local function rows(t, w)
  return {
    { "Via", device.via(w) .. ";branch=" .. sip.branch() },
    { "Max-Forwards", "70" },
    { "From", '"Alice" <sip:alice@example.com>;tag=' .. sip.tag() },
    { "To", "<" .. t.dut.uri .. ">" },
    { "Call-ID", sip.call_id() },
    { "CSeq", "1 OPTIONS" },
    { "Contact", "<" .. w.uri .. ">" },
    { "Content-Length", "0" },
  }
end

-- The request in one of the ways below: what it says of names, values and so on goes over the plain one.
local function written(t, w, way)
  local lines = { "OPTIONS " .. t.dut.uri .. (way.params or "") .. " " .. (way.version or "SIP/2.0") }
  local others = way.rows and way.rows(t, w) or {}
  for _, row in ipairs(rows(t, w)) do
    local name, value = row[1], others[row[1]] or row[2]
    lines[#lines + 1] = (way.name or tostring)(name) .. (way.colon or ": ") .. (way.value or tostring)(value)
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

local compact = { Via = "v", From = "f", To = "t", ["Call-ID"] = "i", Contact = "m", ["Content-Length"] = "l" }

local function odd_case(name) return (name:lower():gsub("^%w%w?", string.upper)) end

-- Between tokens: a URI in brackets is one.
local function folded(value)
  if value:find("^<") then return "\r\n \t" .. value end
  return (value:gsub("[; ]", { [";"] = "\r\n \t;", [" "] = "\r\n \t" }, 1))
end

local function from(name) return { From = name .. " <sip:alice@example.com>;tag=" .. sip.tag() } end

local ways = {
  { "plainly", "MSG-010" },
  { "with compact names", "MSG-003", name = function(name) return compact[name] or name end },
  { "with names in any case", "MSG-002", name = odd_case },
  { "with folded lines", "MSG-004", value = folded },
  { "with blanks around colons", "MSG-N03", colon = " \t :  " },
  { "with sip/2.0", "MSG-N01", version = "sip/2.0" },
  { "with unknown parameters of the URI", "MSG-N06", params = ";odd;x=1" },
  { "with unknown parameters of headers", "MSG-N05",
    rows = function(t, w) return { Contact = "<" .. w.uri .. ">;odd;x=1", To = "<" .. t.dut.uri .. ">;odd" } end },
  { "with parameters in capitals", "MSG-N04",
    rows = function(_, w) return { Via = device.via(w):lower() .. ";BRANCH=" .. sip.branch() .. ";RPORT" } end },
  { "with quotes in the name", "MSG-020", rows = function() return from([["a\"b\\c, <sip:x@y>;tag=no"]]) end },
  { "with a long name", "TOR-longreq", rows = function() return from('"' .. ("so long "):rep(200) .. '"') end },
}

group("uas", { needs = { "uas" }, tags = { "uas", "grammar" } }, function()
  for _, way in ipairs(ways) do
    scenario("OPTIONS " .. way[1], { covers = { way[2] } }, function(t)
      device.lives(t)
      local w = t:wire("w")
      local sent = w:send(t.dut, written(t, w, way))
      local answer = w:expect("200 OPTIONS")
      expect(answer.call_id):equals(sent.call_id)
      expect(answer.from.tag):equals(sent.from.tag)
      expect(answer.via[1].branch):equals(sent.via[1].branch)
    end)
  end

  for name, header in pairs {
    ["unknown headers"] = { "MSG-008", { NewFangledHeader = "newfangled value", ["X-Unusual"] = ";;,,;;,;" } },
    ["headers of responses"] = { "MSG-007", { ["Retry-After"] = "3600", Unsupported = "foo" } },
    ["bad Dates"] = { "MSG-009", { Date = "Fri, 01 Jan 2010 16:00:00 EST" } },
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
    ["whose name never ends"] = { "MSG-020b", { From = [["abc\" <sip:a@192.0.2.1>;tag=1]] } },
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

  scenario("a method in small letters is another one", { covers = { "MSG-N13" } }, function(t)
    device.lives(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "options", uri = t.dut.uri })
    w:expect("405|501")
  end)

  scenario("what has no body has the length 0", { covers = { "MSG-013b", "MSG-N11" } }, function(t)
    local w = t:wire("w")
    w:send(t.dut, { method = "BYE", uri = t.dut.uri, to_tag = "nobody" })
    local answer = w:expect("481 BYE")
    expect(answer.body or ""):equals("")
    expect.soft(answer:header("Content-Length"), "its Content-Length"):equals("0")
  end)

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
