-- A device: with --target the one of sipwright.lua, without it sipwright's own, simulated.
scenario("the device takes a call", { tags = { "device" }, needs = { "uas" } }, function(t)
  local alice = t:agent("alice")

  local call = alice:invite(t.dut)
  t.dut:trigger("answer")             -- nothing to do where it answers by itself
  call:wait("confirmed")
  call:bye():response("200 BYE")
end)
