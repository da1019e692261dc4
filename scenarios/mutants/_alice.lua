-- The agent under test: healthy, or told to break the rule that --set mutant=NAME names.
local mutant = param("mutant", "")

return function(t, opts)
  opts = opts or {}
  opts.breaks = mutant ~= "" and { mutant } or nil
  return t:agent("alice", opts)
end
