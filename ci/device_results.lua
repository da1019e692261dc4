-- What failed in a run (its JSON lines, arg[1]), as Markdown: the reason that its baseline gives, and the messages as a
-- sequence diagram. No times: they are another run's each time.
local MOST = 24 -- messages of a diagram

local function field(line, name)
  local at = select(2, line:find('"' .. name .. '":"', 1, true))
  if not at then return line:match('"' .. name .. '":(%-?%d+)') end
  local text, i = {}, at + 1
  while line:sub(i, i) ~= '"' do
    local c = line:sub(i, i)
    if c == "\\" then
      i = i + 1
      c = ({ n = " ", r = "", t = " ", u = "?" })[line:sub(i, i)] or line:sub(i, i)
    end
    text[#text + 1], i = c, i + 1
  end
  return table.concat(text)
end

local cases, order = {}, {}
for line in io.lines(arg[1]) do
  local kind, number = line:match('^{"v":1,"type":"(%a+)"'), line:match('"case":(%d+)')
  if kind == "case" then
    cases[number] = { id = field(line, "id"), parties = {}, messages = {} }
    order[#order + 1] = cases[number]
  elseif kind == "event" and line:find('"kind":"party"', 1, true) then
    cases[number].parties[field(line, "party")] = field(line, "name")
  elseif kind == "event" and line:find('"kind":"message"', 1, true) then
    local messages = cases[number].messages
    messages[#messages + 1] = { side = field(line, "side"), from = field(line, "from"), to = field(line, "to"),
      label = field(line, "label"), copy = line:find('"copy_of":', 1, true) ~= nil }
  elseif kind == "verdict" then
    local case = cases[number]
    case.verdict, case.known = field(line, "verdict"), field(line, "known")
    case.reason, case.rerun = field(line, "reason"), field(line, "rerun")
  end
end

local function arrow(case, message)
  local function name(number) return case.parties[number] or "other" end
  return ("    %s->>%s: %s%s"):format(name(message.from), name(message.to),
    (message.label or "?"):gsub("[;#]", " "), message.copy and " (again)" or "")
end

-- What a device sent is seen as it comes, what we sent as it goes.
local function diagram(case)
  local lines = {}
  for _, message in ipairs(case.messages) do
    local ours = case.parties[message.from] ~= "dut"
    if message.side == (ours and "out" or "in") then lines[#lines + 1] = arrow(case, message) end
  end
  if #lines == 0 then return "" end
  local shown = table.concat(lines, "\n", 1, math.min(MOST, #lines))
  local more = #lines > MOST and ("\n    %%%% and %d more"):format(#lines - MOST) or ""
  return "\n```mermaid\nsequenceDiagram\n" .. shown .. more .. "\n```\n"
end

print("\n## What failed, and why\n")
for _, case in ipairs(order) do
  if case.verdict ~= "pass" and case.verdict ~= "skip" then
    print(("### %s\n\n%s\n\n> %s\n%s"):format(case.id, case.known or "**Not examined yet.**",
      (case.reason or ""):gsub("[<>]", "\\%0"), diagram(case)))
  end
end
