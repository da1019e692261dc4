-- What mutants have in common: each gives a hook for on_send or on_receive.
local hooks = {}

-- These are swallowed.
function hooks.silent(pattern)
  return function(msg) if msg:is(pattern) then return false end end
end

-- The message goes without this header.
function hooks.without(pattern, name)
  return function(msg) if msg:is(pattern) then return msg:with { headers = { [name] = false } } end end
end

-- The message goes with other fields, as in msg:with.
function hooks.with(pattern, fields)
  return function(msg) if msg:is(pattern) then return msg:with(fields) end end
end

-- Its bytes go as gsub makes them: of headers, lest the length be wrong.
function hooks.gsub(pattern, from, to)
  return function(msg) if msg:is(pattern) then return (msg.raw:gsub(from, to, 1)) end end
end

-- Said once: copies are swallowed.
function hooks.once(pattern)
  local said = {}
  return function(msg)
    if not msg:is(pattern) then return end
    local key = msg.call_id .. msg:header("CSeq") .. msg:header("To") .. tostring(msg.status) .. tostring(msg.via[1].branch)
    if said[key] then return false end
    said[key] = true
  end
end

-- Only where the device is a user agent: a proxy that we play tags nothing of others.
function hooks.own(hook)
  return function(msg, dut)
    local tag = msg.status and msg.to and msg.to.tag
    if tag and tag:find("^dut") then return hook(msg, dut) end
  end
end

-- Only of requests that the device makes itself.
function hooks.asks(hook)
  return function(msg, dut)
    local tag = msg.method and msg.from and msg.from.tag
    if tag and tag:find("^dut") then return hook(msg, dut) end
  end
end

return hooks
