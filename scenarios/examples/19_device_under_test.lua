-- t.dut is the device under test. Run with --target it is a real phone, PBX or proxy; simulated, as
-- here, sipwright plays it, so that a scenario can be written and tried before there is a device on
-- the desk. What a person would do to it, or a command, is a trigger.

scenario("the device is called, answers, and hangs up", { needs = { "uas", "trigger:answer" } },
  function(t)
    local alice = t:agent("alice")

    local call = alice:invite(t.dut)
    call:expect(180)
    t.dut:trigger("answer")
    call:wait("confirmed")
    t:sleep("3s")
    t.dut:trigger("hangup")
    call:wait("terminated")
    expect(call.ended):equals("remote bye")

    t:flow [[
      alice->>dut: INVITE
      dut->>alice: 180
      dut->>alice: 200 INVITE
      alice->>dut: ACK
      Note over alice,dut: 3 seconds of talk
      dut->>alice: BYE
      alice->>dut: 200 BYE
    ]]
  end)

scenario("the device calls, and puts the call on hold", { needs = { "uac", "trigger:hold" } },
  function(t)
    local alice = t:agent("alice")

    t.dut:trigger("call", alice)
    local leg = alice:expect_invite { from = t.dut }
    leg:answer()
    leg:wait("confirmed")
    t.dut:trigger("hold")
    expect(leg:expect("INVITE").sdp.direction):equals("sendonly")
    t.dut:trigger("resume")
    expect(leg:expect("INVITE").sdp.direction):equals("sendrecv")
    leg:bye():response(200)
  end)
