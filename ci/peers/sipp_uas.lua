-- Two hundred calls to SIPp's built-in UAS, one after another: it rings, answers, and takes our BYE.
scenario("SIPp's UAS answers 200 calls", { net = "real", timeout = "60s" }, function(t)
  local alice = t:agent("alice", { transport = param("transport", "udp") })
  for _ = 1, 200 do
    local call = alice:invite(t.dut)
    call:expect(180)
    call:expect(200)
    call:wait("confirmed")
    call:bye()
    call:wait("terminated")
    expect(call.ended):equals("bye")
  end
end)
