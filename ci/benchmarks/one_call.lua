-- One call to a peer's UAS over loopback, as `sipp -sn uac -m 1` makes it.
scenario("one call", { net = "real" }, function(t)
  local call = t:agent("alice"):invite(t.dut)
  call:wait("confirmed")
  call:bye()
  call:wait("terminated")
end)
