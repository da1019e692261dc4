-- What ci/mutants asks: which mutants are meant, and what their runs show.

local function fail(...)
  io.stderr:write(string.format(...), "\n")
  os.exit(1)
end

local function text(line, key)
  local value = line:match('"' .. key .. '":"(.-[^\\])"')
  return value and value:gsub('\\(.)', '%1')
end

local function set(words)
  local all = {}
  for word in (words or ""):gmatch("[^%s,\"]+") do all[word] = true end
  return all
end

local function mutants_read(path)
  local list = {}
  for line in io.lines(path) do
    list[#list + 1] = {
      id = text(line, "id"), row = text(line, "row"),
      area = text(line, "file"):match("([^/]+)%.lua$"),
      also = set(line:match('"also":%[(.-)%]')),
    }
  end
  return list
end

-- Those that an id or an area names; all where nothing is named.
local function ids(path, ...)
  local wanted, met = { ... }, {}
  for _, one in ipairs(mutants_read(path)) do
    local meant = #wanted == 0
    for _, word in ipairs(wanted) do
      if word == one.id or word == one.area then meant, met[word] = true, true end
    end
    if meant then print(one.id) end
  end
  for _, word in ipairs(wanted) do
    if not met[word] then fail("ci/mutants: there is neither a mutant nor a file of mutants '%s'", word) end
  end
end

-- For each mutant the scenarios that cover its row, as `sipwright list` prints them.
local function lists(path, work)
  local of_row, next_line = {}, io.lines(work .. "/scenarios.json")
  for line in io.lines(work .. "/scenarios") do
    for row in pairs(set(next_line():match('"covers":%[(.-)%]'))) do
      of_row[row] = of_row[row] or {}
      table.insert(of_row[row], line)
    end
  end
  for _, one in ipairs(mutants_read(path)) do
    if of_row[one.row] then
      local file <close> = assert(io.open(work .. "/" .. one.id .. ".list", "w"))
      file:write(table.concat(of_row[one.row], "\n"), "\n")
    end
  end
end

-- How many scenarios were to be run with it.
local function wanted(work, id, all)
  local file <close> = io.open(work .. "/" .. id .. ".list")
  if not file then return all end
  local count = 0
  for _ in file:lines() do count = count + 1 end
  return count
end

-- Of a run: the scenarios that are red, and the row whose rule was found broken.
local function reds_read(path)
  local reds, count, case = {}, 0, nil
  for line in io.lines(path) do
    if line:find('^{"v":1,"type":"case"') then
      case = { id = text(line, "id"), covers = set(text(line, "covers")) }
    else
      count = count + 1
      local verdict = text(line, "verdict")
      if verdict == "fail" or verdict == "error" then
        case.verdict, case.reason = verdict, text(line, "reason") or ""
        case.rule = case.reason:match("broke ([A-Z][A-Z0-9]*%-[%w]+):") or case.reason:match("departed from ([A-Z][A-Z0-9]*%-[%w]+):")
        reds[#reds + 1] = case
      end
    end
  end
  return reds, count
end

-- The rows that a scenario covers.
local function covered_read(path)
  local rows = {}
  for line in io.lines(path) do
    if line:find('^{"v":1,"type":"case"') then
      for row in pairs(set(text(line, "covers"))) do rows[row] = true end
    end
  end
  return rows
end

-- The row of a rule: its id, which may have a letter more.
local function is_of(rule, rows)
  return rule and (rows[rule] or rows[rule:gsub("%l$", "")])
end

local function explains(red, rows)
  if is_of(red.rule, rows) then return true end
  for row in pairs(rows) do
    if red.covers[row] then return true end
  end
  return false
end

local function words(all)
  local list = {}
  for word in pairs(all) do list[#list + 1] = word end
  table.sort(list)
  return table.concat(list, " ")
end

-- What caught it, what else is red and not explained, and the reasons that explain nothing. An error is never
-- explained: it is the mutant that is broken, or the script.
local function judge_one(one, reds)
  local catch, extras, used = {}, {}, {}
  for _, red in ipairs(reds) do
    if red.verdict == "fail" and explains(red, { [one.row] = true }) then
      catch[#catch + 1] = red
    elseif red.verdict == "error" or not explains(red, one.also) then
      extras[#extras + 1] = red
    end
    for row in pairs(one.also) do used[row] = used[row] or explains(red, { [row] = true }) end
  end
  local idle = {}
  for row in pairs(one.also) do idle[row] = not used[row] or nil end
  return catch, extras, idle
end

-- Of the rows that a scenario covers: how many have a mutant, and which have none, and why. What is said to have none
-- has none, and a scenario.
local function rows_tell(covered, by_id)
  local broken, count, with, reasons, untold, wrong = {}, 0, 0, {}, {}, {}
  for _, one in pairs(by_id) do broken[one.row] = true end
  for line in io.lines("scenarios/conformance/_mutants/_none.tsv") do
    local row, why = line:match("^(%S+)\t(.+)$")
    if row then reasons[row] = why end
  end
  for row in pairs(covered) do
    count = count + 1
    if broken[row] then with = with + 1 elseif not reasons[row] then untold[row] = true end
  end
  for row in pairs(reasons) do
    if broken[row] or not covered[row] then wrong[row] = true end
  end
  print(string.format("%d rows have a scenario, %d of them a mutant; none yet: %s", count, with, words(untold)))
  if next(wrong) then print("_none.tsv names what has a mutant, or no scenario: " .. words(wrong)) end
  return next(wrong) == nil
end

local function judge(path, work, ids_path)
  local by_id, total, caught, unexplained, idle_count = {}, 0, 0, 0, 0
  for _, one in ipairs(mutants_read(path)) do by_id[one.id] = one end
  local healthy, count = reds_read(work .. "/healthy.run")
  for _, red in ipairs(healthy) do print("healthy: " .. red.verdict .. ": " .. red.id .. ": " .. red.reason) end
  if #healthy > 0 or count == 0 then fail("ci/mutants: the suite is not green without a mutant") end
  local whole = not io.open(work .. "/scenarios")       -- each mutant was put to all scenarios
  for id in io.lines(ids_path) do
    local reds, ran = reds_read(work .. "/" .. id .. ".run")
    local catch, extras, idle = judge_one(by_id[id], reds)
    total = total + 1
    caught = caught + (#catch > 0 and 1 or 0)
    unexplained = unexplained + #extras
    print(string.format("%-40s %s%s", id,
      ran ~= wanted(work, id, count) and "DID NOT RUN"
        or #catch > 0 and "caught by " .. #catch .. (#catch == 1 and ": " or ", first: ") .. catch[1].id
        or "NOT CAUGHT",
      #extras > 0 and "" or #reds > #catch and "; " .. #reds - #catch .. " explained" or ""))
    for _, red in ipairs(extras) do
      print(string.format("    extra %s: %s [%s]: %s", red.verdict, red.id, words(red.covers), red.reason))
    end
    if whole and next(idle) then
      idle_count = idle_count + 1
      print("    nothing of these is red: " .. words(idle))
    end
  end
  print(string.format("%d mutants, %d caught by their own row, %d unexplained extra reds", total, caught, unexplained))
  local told = rows_tell(covered_read(work .. "/healthy.run"), by_id)
  if whole then print(string.format("%d mutants name a row that stays green", idle_count)) end
  os.exit(total > 0 and caught == total and unexplained + idle_count == 0 and told and 0 or 1)
end

if arg[1] == "ids" then ids(arg[2], table.unpack(arg, 3))
elseif arg[1] == "lists" then lists(arg[2], arg[3])
else judge(arg[2], arg[3], arg[4])
end
