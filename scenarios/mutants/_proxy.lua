-- A proxy under test between wires: healthy, or told to break the rule that --set mutant=NAME names.
local mutant = param("mutant", "")

return function(t, ...)
  local caller, callees, targets = t:wire("caller"), {}, {}
  for i, name in ipairs { ... } do
    callees[i] = t:wire(name)
    targets[i] = callees[i]
  end
  local proxy = t:proxy("proxy", { domain = "example.com", record_route = true, routes = { bob = targets },
    breaks = mutant ~= "" and { mutant } or nil })
  return caller, proxy, table.unpack(callees)
end
