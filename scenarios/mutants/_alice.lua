-- The agent under test: healthy, or told to break the rule that --set mutant=NAME names.
local mutant = param("mutant", "")

return function(t)
  return t:agent("alice", { breaks = mutant ~= "" and { mutant } or nil })
end
