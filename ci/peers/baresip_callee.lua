-- baresip is called: it answers by itself. Over each transport that it was told to listen on.
local transport = param("transport", "udp")
local ca = param("ca", "")
local suffix = transport == "udp" and "" or ";transport=" .. transport

scenario("baresip answers a call over " .. transport, { net = "real", timeout = "60s" }, function(t)
  local alice = t:agent("alice", { transport = transport, tls = transport == "tls" and { ca = ca } or nil })
  local target = t.dut.uri .. suffix
  alice:options(target):response(200)

  local call = alice:invite(target)
  call:wait("confirmed")
  expect(call.remote_sdp):exists()
  call:hold():response(200)
  expect(call.remote_sdp.media[1].direction):one_of { "recvonly", "inactive" }
  call:resume():response(200)
  call:bye():response(200)

  local crowd = {}
  for i = 1, 3 do crowd[i] = alice:invite(target) end
  for i = 1, 3 do crowd[i]:wait("confirmed") end
  for i = 1, 3 do crowd[i]:bye():response(200) end
end)
