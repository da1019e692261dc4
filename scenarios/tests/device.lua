-- The device under test where sipwright plays it, and its triggers.

scenario("who the device is", function(t)
  expect(t.dut.name):equals("dut")
  expect(t.dut.uri):matches("^sip:dut@")
  expect(t.dut:at("1001")):matches("^sip:1001@")
  expect(t.dut:supports("uas")):equals(true)
  expect(t.dut:supports("trigger:answer")):equals(true)
  expect(t.dut:supports("trigger:explode")):equals(false)
  expect(t.dut:supports("siprec")):equals(false)
  expect(tostring(t.dut)):equals(tostring(t:device("dut")))
end)

scenario("it answers what a device answers", function(t)
  local alice = t:agent("alice")
  alice:options(t.dut):response(200)
  alice:message(t.dut, "hello"):response(200)
  alice:request("SUBSCRIBE", t.dut, { headers = { Event = "presence" } }):response(489)
end)

scenario("an answer waits for the call", function(t)
  local alice = t:agent("alice")
  local task = t:spawn(function()
    t:sleep("5s")
    local call = alice:invite(t.dut)
    call:wait("confirmed")
    return call
  end)
  t.dut:trigger("answer")
  expect(t:now()):between(5, 5.1)
  t:all(task):bye():response(200)
end)

scenario("it rejects a call", function(t)
  local alice = t:agent("alice")
  local call = alice:invite(t.dut)
  t.dut:trigger("reject")
  call:expect(486)
end)

scenario("it cancels its own call", function(t)
  local alice = t:agent("alice")
  t.dut:trigger("call", alice.uri)
  local leg = alice:expect_invite { from = t.dut }
  leg:ring()
  t.dut:trigger("hangup")
  leg:wait("terminated")
  expect(leg.ended):equals("cancelled")
end)

scenario("it hangs up what it has just answered when the ACK is there", function(t)
  local alice = t:agent("alice", { manual = { "ACK" } })
  local call = alice:invite(t.dut)
  t.dut:trigger("answer")
  call:expect(200)
  local task = t:spawn(function() t.dut:trigger("hangup") end)
  call:expect_none("BYE", "1s")
  call:ack()
  t:all(task)
  call:wait("terminated")
end)

scenario("a call in which nothing can be agreed on", function(t)
  local alice = t:agent("alice")
  local call = alice:invite(t.dut, { sdp = { codecs = { "G729" } } })
  call:expect(180)
  t.dut:trigger("answer")
  call:expect(488)
end)

scenario("two devices call each other", function(t)
  local desk, hall = t:device("desk"), t:device("hall")
  desk:trigger("call", hall)
  hall:trigger("answer")
  hall:trigger("hangup")
  t:flow [[
    desk->>hall: INVITE
    hall->>desk: 180
    hall->>desk: 200
    desk->>hall: ACK
    hall->>desk: BYE
    desk->>hall: 200
  ]]
end)

scenario("it follows a redirect", function(t)
  local alice, bob = t:agents("alice", "bob")
  t.dut:trigger("call", alice)
  alice:expect_invite():redirect(bob)
  bob:expect_invite { from = t.dut }:answer()
  t:flow [[
    dut->>alice: INVITE
    alice->>dut: 302
    dut->>alice: ACK
    dut->>bob: INVITE
    bob->>dut: 200
    dut->>bob: ACK
  ]]
end)

local function register(agent, dut)
  local host = dut.uri:match("@(.*)$")
  local aor = "<sip:" .. agent.name .. "@" .. host .. ">"
  return agent:request("REGISTER", "sip:" .. host, {
    headers = { From = aor .. ";tag=1", To = aor, Expires = "3600" },
    contact = "<" .. agent.uri .. ">",
  }):response(200)
end

scenario("it is a registrar where one is needed", { needs = { "registrar" } }, function(t)
  local bob = t:agent("bob", { account = "bob" })
  expect(register(bob, t.dut).contact[1].uri.user):equals("bob")
end)

scenario("it asks for digest where that is needed", { needs = { "registrar", "digest" } }, function(t)
  local bob, mallory = t:agent("bob", { account = "bob" }), t:agent("mallory", { account = "mallory" })
  bob:register(t.dut):wait("registered")
  mallory:register(t.dut):wait("failed")
  expect(#t:messages("dut->>bob: 401")):equals(1)
end)

scenario("it is a proxy where one is needed", { needs = { "proxy" } }, function(t)
  local alice, bob = t:agents("alice", "bob")
  register(bob, t.dut)
  local call = alice:invite(t.dut:at("bob"))
  bob:expect_invite { from = t.dut }:answer()
  call:wait("confirmed")
  call:bye():response(200)
  t:flow([[
    alice->>dut: INVITE
    dut->>bob: INVITE
    bob->>dut: 200 INVITE
    dut->>alice: 200 INVITE
    alice->>dut: ACK
    dut->>bob: ACK
  ]], { loose = true })
end)

scenario("it is a redirect server where one is needed", { needs = { "redirect" } }, function(t)
  local alice, bob = t:agents("alice", "bob")
  register(bob, t.dut)
  local call = alice:invite(t.dut:at("bob"), { follow = true })
  bob:expect_invite { from = alice }:answer()
  call:wait("confirmed")
  call:bye():response(200)
end)

scenario("it is reached by TCP", { needs = { "tcp" } }, function(t)
  local alice = t:agent("alice", { transport = "tcp" })
  expect(alice:options(t.dut):response(200).via[1].transport):equals("TCP")
end)

scenario("it registers, and takes it back", { needs = { "trigger:register", "trigger:unregister" } }, function(t)
  local reg = t:registrar("reg", { domain = "example.com", users = { dut = "dut" } })
  t.dut:trigger("register")
  t:sleep("100ms")
  expect(#reg:bindings("sip:dut@example.com")):equals(1)
  t.dut:trigger("unregister")
  t:sleep("100ms")
  expect(#reg:bindings("sip:dut@example.com")):equals(0)
end)

scenario("it takes a registration back when there is one", { net = "sim" }, function(t)
  local reg = t:registrar("reg")
  t.net:link(t.dut, reg, { latency = "100ms" })
  t.dut:trigger("register")
  t.dut:trigger("unregister")         -- when the 200 is there
  expect(t:now()):between(0.2, 0.21)
  t:sleep("1s")
  expect(#t:messages("dut->>reg: REGISTER [Expires = 0]")):equals(1)
end)

scenario("it transfers a call", function(t)
  local alice, carol = t:agents("alice", "carol")
  local call = alice:invite(t.dut)
  t.dut:trigger("answer")
  call:wait("confirmed")
  t.dut:trigger("transfer", carol)
  local refer = call:expect_refer()
  expect(refer.request:header("Refer-To")):contains(carol.uri)
  refer:accept()
  local there = refer:follow()
  carol:expect_invite { from = alice }:answer()
  there:wait("confirmed")
  t:sleep("1s")
end)

scenario("a device says what is due before it answers, where it is heard for certain", { needs = { "uas", "100rel" } },
  function(t)
    local alice = t:agent("alice")
    local call = alice:invite(t.dut, { sdp = false })
    local ringing = call:expect(180)
    expect(ringing):is("180[Require = 100rel]")
    expect(ringing.sdp):exists()
    t.dut:trigger("progress")
    call:expect("183")
    t.dut:trigger("answer")
    expect(call:expect(200).sdp):is_nil()
  end)

scenario("without that it only rings", { needs = { "uas" } }, function(t)
  expect(t:agent("alice"):invite(t.dut):expect(180)):is("180[!RSeq]")
end)

scenario("a device asks for a session timer", { needs = { "uac", "timer" } }, function(t)
  local alice = t:agent("alice")
  t.dut:trigger("call", alice)
  local call = alice:expect_invite()
  expect(call.request:header("Session-Expires")):matches("^1800")
  call:reject(486)
end)

scenario("a device asks in its call", { needs = { "uac", "update", "info" } }, function(t)
  local alice = t:agent("alice")
  t.dut:trigger("call", alice)
  local call = alice:expect_invite()
  call:answer()
  t.dut:trigger("update")
  expect(call:expect("UPDATE").sdp):exists()
  t.dut:trigger("info")
  call:expect_request("INFO"):respond(200)
end)

scenario("a device follows a REFER where that is needed", { needs = { "uas", "refer" } }, function(t)
  local alice, carol = t:agents("alice", "carol")
  local transfer = alice:refer(t.dut, carol)
  carol:expect_invite { from = t.dut }:answer()
  transfer:expect_notify("200")
  local nowhere = alice:refer(t.dut, "sip:carol@nowhere.invalid")
  nowhere:expect_notify("503")
  local asked = alice:refer(t.dut, carol, { method = "MESSAGE", no_sub = true })
  local message = carol:expect_request("MESSAGE")
  message:respond(200)
  expect(asked:response(200):header("Refer-Sub")):equals("false")
end)

scenario("else it declines", { needs = { "uas" } }, function(t)
  t:agent("alice"):refer(t.dut, "sip:carol@192.0.2.9"):response(603)
end)

scenario("a device tells who watches it", { needs = { "uas", "event:message-summary" } }, function(t)
  local alice = t:agent("alice")
  local watch = alice:subscribe(t.dut, "message-summary", { expires = 600 })
  expect(watch:expect_notify().body):contains("Messages-Waiting: no")
  t.dut:trigger("change")
  expect(watch:expect_notify().body):contains("Messages-Waiting: yes")
  alice:subscribe(t.dut, "presence"):response(489)
end)

scenario("a device watches somebody, and no more", { needs = { "uac" } }, function(t)
  local alice = t:agent("alice")
  t.dut:trigger("subscribe", alice)
  local sub = alice:expect_subscribe("presence")
  sub:accept()
  t.dut:trigger("unsubscribe")
  sub:wait("terminated")
end)

scenario("a device is reached by TLS, and calls by it", { needs = { "uas", "uac", "tls" } }, function(t)
  local alice = t:agent("alice", { transport = "tls" })
  local call = alice:invite(t.dut)
  t.dut:trigger("answer")
  call:wait("confirmed")
  call:bye():response(200)
  t.dut:trigger("call", alice)
  alice:expect_invite():reject(486)
  alice:options("sips:dut@" .. t.dut.address:match("^(.*):%d+$")):response(200)
end)

scenario("a device lets one call take the place of another, unasked", { needs = { "uas", "replaces" } }, function(t)
  local alice, carol = t:agents("alice", "carol")
  local call = alice:invite(t.dut)
  t.dut:trigger("answer")
  call:wait("confirmed")
  local other = carol:invite(t.dut, { replaces = call })
  other:wait("confirmed")
  call:wait("terminated")
end)

scenario("a device writes to somebody", { needs = { "uac", "message" } }, function(t)
  local alice = t:agent("alice")
  t.dut:trigger("message", alice)
  alice:expect_request("MESSAGE"):respond(200)
end)
