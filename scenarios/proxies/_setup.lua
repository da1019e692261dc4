-- A caller and callees that are wires, so that every byte can be looked at, and a proxy between them.
local setup = {}

-- callees: names of wires that all are bob. Gives caller, proxy, callees by name.
function setup.proxy(t, opts, ...)
  local caller, callees, targets = t:wire("caller"), {}, {}
  for _, name in ipairs { ... } do
    callees[name] = t:wire(name)
    targets[#targets + 1] = callees[name]
  end
  opts = opts or {}
  opts.domain = opts.domain or "example.com"
  opts.routes = opts.routes or { bob = targets }
  return caller, t:proxy("proxy", opts), callees
end

-- A request for bob@example.com; fields as in sip.request.
function setup.request(method, fields)
  local request = { method = method, uri = "sip:bob@example.com" }
  for name, value in pairs(fields or {}) do request[name] = value end
  return request
end

return setup
