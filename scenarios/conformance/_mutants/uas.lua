-- A callee that breaks one rule of RFC 3261.

mutant("STI-014", "no_487", {
  why = "a cancelled INVITE is left without its 487",
  on_send = function(msg) if msg:is("487 INVITE") then return false end end,
})
