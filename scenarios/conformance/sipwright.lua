-- Five devices of Debian, each started by the run that names it: `sipwright run --target baresip scenarios/conformance`.
-- `--set port=5270` moves it there (what it needs besides is at the ports behind it), `--set worse=NAME` starts it with
-- a fault (README.md). Yours is one more entry.

-- Each worker of a run starts one of its own, a hundred ports further on.
local function port_from(usual)
  return string.format("%d", param("port", usual) + 100 * (param("worker", "1") - 1))
end

-- Machines that build are busy: a device may be late. What a scenario does is wait, for the most part: four take turns.
local function device(port)
  return { uri = "sip:dut@127.0.0.1:" .. port, ready = "udp:" .. port, patience = "2s", tolerance = "150ms", jobs = 4 }
end

local function merged(base, more)
  for name, value in pairs(more) do base[name] = value end
  return base
end

local worse = param("worse", "")
local function baresip()
  local port = port_from("5170")
  local function tell(...) return { "targets/baresip/tell", port, ... } end
  local registrar = "127.0.0.1:" .. port + 3
  return merged(device(port), {
    roles = { "uas", "uac" },
    supports = { "udp", "tcp", "ipv4", "digest", "refer" },
    accounts = { dut = { user = "dut", password = "dut" } },
    bind = { reg = registrar },
    start = { "targets/baresip/start", port, worse },
    known_failures = "targets/baresip/baseline",
    actions = {
      call = function(uri) return tell("dial", uri) end,
      answer = tell("accept"),
      reject = tell("hangup"),
      hangup = tell("hangup"),
      hold = tell("hold"),
      resume = tell("resume"),
      transfer = function(uri) return tell("transfer", uri) end,
      register = tell("register", registrar),
      unregister = tell("uadel", "sip:dut@" .. registrar),
    },
  })
end

local function kamailio()
  local port = port_from("5180")
  local start = { param("kamailio", "/usr/sbin/kamailio"), "-DD", "-E", "-m", "64", "-M", "8",
    "-f", "targets/kamailio/kamailio.cfg", "-l", "udp:127.0.0.1:" .. port, "-l", "tcp:127.0.0.1:" .. port,
    "-A", "WORSE_" .. worse }
  return merged(device(port), {
    tolerance = "300ms", -- a process of its own counts the time, by sixteenths of a second, and is late as a whole
    roles = { "registrar", "proxy" },
    supports = { "udp", "tcp", "ipv4", "path", "digest" },
    accounts = {
      alice = { user = "alice", password = "alice" },
      bob = { user = "bob", password = "bob" },
    },
    start = start,
    known_failures = "targets/kamailio/baseline",
  })
end

local function sipp()
  local port = port_from("5190")
  return merged(device(port), {
    roles = { "uas" },
    supports = { "udp", "ipv4" },
    auto_answer = true,
    start = { "targets/sipp/start", port, worse },
    known_failures = "targets/sipp/baseline",
  })
end

local function linphone()
  local port = port_from("5200")
  local function tell(...) return { "targets/linphone/tell", port, ... } end
  local registrar = "127.0.0.1:" .. port + 3
  return merged(device(port), {
    roles = { "uas", "uac" },
    supports = { "udp", "tcp", "ipv4", "digest", "refer", "replaces" },
    accounts = { dut = { user = "dut", password = "dut" } },
    bind = { reg = registrar },
    start = { "targets/linphone/start", port, worse },
    known_failures = "targets/linphone/baseline",
    actions = {
      call = function(uri) return tell("call", uri) end,
      answer = tell("answer", "CALL"),
      reject = tell("terminate", "CALL"),
      hangup = tell("terminate", "CALL"),
      hold = tell("call-pause", "CALL"),
      resume = tell("call-resume", "CALL"),
      transfer = function(uri) return tell("call-transfer", "CALL", uri) end,
      register = tell("register", "sip:dut@" .. registrar, "sip:" .. registrar, "dut", "dut"),
      unregister = tell("unregister", "ALL"),
      message = function(uri) return tell("message", uri, "hello") end,
    },
  })
end

local function netsip()
  local port = port_from("5210")
  local function tell(...) return { "targets/netsip/tell", port, ... } end
  local registrar = "127.0.0.1:" .. port + 3
  return merged(device(port), {
    roles = { "uas", "uac" },
    supports = { "udp", "tcp", "ipv4", "digest" },
    auto_answer = true,
    accounts = { dut = { user = "dut", password = "dut" } },
    bind = { reg = registrar },
    start = { "targets/netsip/start", port, worse },
    known_failures = "targets/netsip/baseline",
    actions = {
      call = function(uri) return tell("call", uri) end,
      hangup = tell("hangup"),
      hold = tell("hold"),
      resume = tell("resume"),
      register = tell("register", registrar),
      unregister = tell("unregister", registrar),
    },
  })
end

return { targets = { baresip = baresip(), kamailio = kamailio(), sipp = sipp(), linphone = linphone(), netsip = netsip() } }
