-- The torture messages of RFC 4475 and RFC 5118 (_torture/), each as it stands there, but for what it takes to be
-- delivered to the device and answered to us.
local device = require("_device")
local torture = {}

-- Over UDP, from here. An address of IPv6 stays: RFC 3261 §18.2.2 sends the answer to where the request came from,
-- at the port of sent-by.
local function from_here(head, w)
  local first = "(\n[Vv][Ii][Aa]%s*:%s*SIP%s*/%s*%d%.%d%s*/%s*)%u+(%s+)([%w.:%-%[%]]+)"
  return (head:gsub(first, function(before, gap, sent_by)
    local host = sent_by:match("^%[.-%]") or device.host(w)
    return before .. "UDP" .. gap .. host .. ":" .. w.address:match("%d+$")
  end, 1))
end

-- A call of its own, so that it can be sent again.
local function afresh(head)
  local id = "." .. sip.tag()
  head = head:gsub("(\n[Cc][Aa][Ll][Ll]%-[Ii][Dd]:[^\r]*)", "%1" .. id)
  return (head:gsub("(\n[Ii]:[^\r]*)", "%1" .. id))
end

-- Its media are where there is a way to, and have clocks (RFC 4566 §6); a length that was right, or is to be, is right.
local function media_here(head, body, w, mended)
  local new = body:gsub("c=IN IP4 192%.0%.2%.%d+", "c=IN IP4 " .. device.host(w)):gsub("31 LPC", "31 H261/90000")
  local function length(name, value)
    return name .. ((mended or tonumber(value) == #body - 2) and #new - 2 or value)
  end
  head = head:gsub("(\nContent%-Length%s*:%s*)(%d+)", length):gsub("(\nl: )(%d+)", length)
  return head, new
end

-- The message of that name. In its first line the pattern `uri` becomes `as`: the device's URI; `edits` is for the rest.
-- With `mended` its length becomes right.
function torture.message(t, w, name, opts)
  opts = opts or {}
  local bytes = file("_torture/" .. name .. ".dat")
  local head, body = bytes:match("^(.-\r\n)(\r\n.*)$")
  if not head then head, body = bytes, "\r\n" end           -- baddn ends too early
  local start, rows = head:match("^([^\r]*)(.*)$")
  if opts.uri ~= false then
    start = start:gsub(opts.uri or "sip:[^%s;?>]*", ((opts.as or t.dut.uri):gsub("%%", "%%%%")), 1)
  end
  rows, body = media_here(afresh(from_here(rows, w)), body, w, opts.mended)
  for pattern, new in pairs(opts.edits or {}) do rows = rows:gsub(pattern, new) end
  return start .. rows .. body
end

-- The device is sent that message, and says what `pattern` allows, or nothing with `opts.silent`: the answer, what was
-- sent, and the wire. It lives before and after.
function torture.answers(t, name, pattern, opts)
  device.lives(t)
  local w = t:wire("w")
  w:ignore("100")
  local sent = w:send(t.dut, torture.message(t, w, name, opts))
  local answer
  if opts and opts.silent then answer = w:maybe(pattern, { within = "500ms" }) else answer = w:expect(pattern) end
  if answer and sent.method == "INVITE" then
    if answer.status >= 300 then w:send(t.dut, sip.ack(sent, answer)) else w:ignore("*") end
  end
  device.lives(t)
  return answer, sent, w
end

return torture
