-- INFO and its packages, RFC 6086: each side says what it takes, what it does not is a 469.

local function talking(t, ours, theirs)
  local alice, bob = t:agent("alice", ours), t:agent("bob", theirs)
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  return call, leg
end

scenario("RFC 6086 §12.1.1: each side says what it takes", function(t)
  local call, leg = talking(t, { info_packages = { "P", "R" } }, { info_packages = { "R", "T" } })
  expect(leg.request:header("Recv-Info")):equals("P, R")
  expect(call.last_response:header("Recv-Info")):equals("R, T")
  local sent = call:info { package = "T", body = "to bob", content_type = "text/plain" }
  local got = leg:expect_request("INFO")
  expect(got.request:header("Info-Package")):equals("T")
  expect(got.request:header("Content-Disposition")):equals("Info-Package")
  expect(got.request.body):equals("to bob")
  got:respond(200)
  sent:response(200)
  local back = leg:info { package = "P;foo=bar" }           -- RFC 6086 §7.2: parameters are not compared
  local came = call:expect_request("INFO")
  expect(came.request:header("Info-Package")):equals("P;foo=bar")
  expect(came.request:header("Content-Disposition")):is_nil()
  came:respond(200)
  back:response(200)
end)

scenario("RFC 6086 §4.2.1: what the other side does not take is not sent", function(t)
  local call, leg = talking(t, { info_packages = { "P" } }, { info_packages = { "R" } })
  expect(function() call:info { package = "P" } end):raises("has not said that it takes INFO of package 'P'")
  expect(function() leg:info { package = "p" } end):raises("package 'p'")       -- §7.2: octet by octet
  local older = call:info { body = "signal=1", content_type = "application/dtmf-relay" }
  leg:expect_request("INFO"):respond(200)                    -- without a package it may go
  older:response(200)
end)

scenario("RFC 6086 §4.2.2: INFO of another package is a 469, and the call goes on", { covers = { "OPT-005" } }, function(t)
  local call, leg = talking(t, nil, { info_packages = { "P", "R" } })
  local refused = call:info { package = "X", force = true }:response(469)
  expect(refused.reason):equals("Bad Info Package")
  expect(refused:header("Recv-Info")):equals("P, R")
  expect(call.state):equals("confirmed")
  expect(leg.state):equals("confirmed")
  call:bye():response(200)
end)

scenario("RFC 6086 §5.2.2: none at all is said too", function(t)
  local call, leg = talking(t, { info_packages = {} }, { info_packages = {} })
  expect(leg.request:header("Recv-Info")):equals("")
  expect(call.last_response:header("Recv-Info")):equals("")
  expect(call:info { package = "X", force = true }:response(469):header("Recv-Info")):equals("")
end)

scenario("RFC 6086 §5.2.3: no Recv-Info in a response where the request had none", function(t)
  local call, leg = talking(t, nil, { info_packages = { "P" } })
  expect(leg.request:header("Recv-Info")):is_nil()
  expect(call.last_response:header("Recv-Info")):is_nil()
  expect(function() call:info { package = "P" } end):raises("has not said")
end)

scenario("RFC 6086 §4.2.2: who does not know the mechanism leaves it to the scenario", function(t)
  local call, leg = talking(t)
  local sent = call:info { package = "X", force = true }
  leg:expect_request("INFO"):respond(200)
  sent:response(200)
end)

scenario("RFC 6086 §5.2.4: a re-INVITE that is refused changes nothing, one that is accepted does", function(t)
  local alice, w = t:agent("alice", { info_packages = { "P" } }), t:wire("w")
  local call = alice:invite(w)
  local invite = w:expect("INVITE")
  local ok = w:reply(invite, 200, { to_tag = "w", contact = w.uri, headers = { ["Recv-Info"] = "one" },
                                    sdp = sip.sdp { address = w.address:match("^(.*):%d+$") } })
  w:expect("ACK")
  call:wait("confirmed")
  local function info(package)
    local sent = call:info { package = package }
    w:reply(w:expect("INFO"), 200)
    sent:response(200)
  end
  info("one")
  local function again(status, packages)
    local sent = call:reinvite()
    local asked = w:expect("INVITE")
    w:reply(asked, status, { contact = w.uri, headers = { ["Recv-Info"] = packages },
                             sdp = status == 200 and sip.sdp { address = w.address:match("^(.*):%d+$") } or nil })
    w:expect("ACK")
    sent:response(status)
  end
  again(488, "two")
  info("one")
  expect(function() call:info { package = "two" } end):raises("has not said")
  again(200, "two, three;x=y")
  info("two")
  info("three")
  expect(function() call:info { package = "one" } end):raises("has not said")
  again(200, "")                                             -- RFC 6086 §5.2.2: nothing any more
  expect(function() call:info { package = "two" } end):raises("has not said")
  local bye = call:bye()
  w:reply(w:expect("BYE"), 200)
  bye:response(200)
  expect(ok.status):equals(200)
end)

scenario("RFC 6086 §4.2.1: in an early dialog, once a reliable response has said so", function(t)
  local alice, bob = t:agent("alice", { info_packages = { "P" } }), t:agent("bob", { info_packages = { "R" } })
  local call = alice:invite(bob)
  local leg = bob:expect_invite()
  leg:ring()
  expect(call:expect(180):header("Recv-Info")):is_nil()
  expect(function() call:info { package = "R" } end):raises("has not said")
  leg:ring { status = 183, reliable = true }
  leg:expect("PRACK")
  local sent = call:info { package = "R" }
  leg:expect_request("INFO"):respond(200)
  sent:response(200)
  leg:answer()
  call:wait("confirmed")
end)

scenario("INFO without a dialog is a 481", { covers = { "OPT-006" } }, function(t)
  local w, alice = t:wire("w"), t:agent("alice", { info_packages = { "P" } })
  w:send(alice, { method = "INFO", uri = alice.uri, to_tag = "none", headers = { ["Info-Package"] = "P" } })
  w:expect("481 INFO")
end)

scenario("info_packages is a list of names", function(t)
  expect(function() t:agent("alice", { info_packages = "P" }) end):raises("info_packages")
end)
