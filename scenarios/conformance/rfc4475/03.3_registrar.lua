-- RFC 4475 §3.1.1.4, §3.1.2.13, §3.3: REGISTERs, of Alice, who has an account. Their Contacts are as they stand there.
local device = require("_device")
local torture = require("_torture")

local function alice(t)
  local agent = t:agent("alice", { account = "alice" })
  device.emptied(t, agent, "alice")
  return agent
end

local function contacts(message)
  return sip.parse(file("_torture/rfc4475/" .. message .. ".dat")):headers("Contact")
end

-- She is registered as that message says; the Contacts that come back, first and when asked for.
local function registered(t, message)
  local agent = alice(t)
  local ok = device.register(t, agent, "alice", contacts(message))
  expect(ok.status):equals(200)
  return ok.contact, device.register(t, agent, "alice").contact
end

group("registrar", { needs = { "registrar" }, tags = { "registrar", "torture" } }, function()
  scenario("an escaped zero ends no name", { covers = { "TOR-escnull", "MSG-021b" } }, function(t)
    local first, later = registered(t, "escnull")
    expect(#first):equals(2)
    expect(#later):equals(2)
    local users = { later[1].uri.user, later[2].uri.user }
    table.sort(users)
    expect(users):equals { "%00", "%00%00" }
  end)

  scenario("a parameter behind a bare URI is the Contact's", { covers = { "TOR-cparam01", "MSG-019b" } }, function(t)
    for _, list in ipairs { registered(t, "cparam01") } do
      expect(#list):equals(1)
      expect(list[1].uri.user):equals("+19725552222")
      expect(list[1].uri.params.unknownparam):is_nil()
    end
  end)

  scenario("a parameter in <> is the URI's", { covers = { "TOR-cparam02" } }, function(t)
    for _, list in ipairs { registered(t, "cparam02") } do
      expect(tostring(list[1].uri)):contains(";unknownparam")
    end
  end)

  scenario("a header of a Contact is kept", { covers = { "TOR-regescrt" } }, function(t)
    for _, list in ipairs { registered(t, "regescrt") } do
      expect(tostring(list[1].uri)):contains("?Route=%3Csip:sip.example.com%3E")
    end
  end)

  scenario("a header of a bare URI is a 400, or the URI's", { covers = { "TOR-regbadct" } }, function(t)
    local agent = alice(t)
    local status = device.register(t, agent, "alice", contacts("regbadct")).status
    expect(status):one_of { 200, 400 }
    local list = device.register(t, agent, "alice").contact or {}
    expect(#list):equals(status == 200 and 1 or 0)
    if list[1] then expect(tostring(list[1].uri)):contains("?Route=") end
  end)

  for _, case in ipairs {
    { "a To that is no SIP URI is a 400", "unksm2", "400" },
    { "credentials of a scheme that nobody knows are no credentials", "regaut01", "200|401" },
    { "a CSeq beyond 32 bits is a 400", "scalar02", "400" },
  } do
    local name, message, pattern = table.unpack(case)
    scenario(name, { covers = { "TOR-" .. message } }, function(t)
      local w = t:wire("w")
      local uri = { as = t.dut.uri:gsub("sip:.*@", "sip:"), edits = { ["sip:j%.user@example%.com"] = t.dut:at("alice") } }
      w:send(t.dut, torture.message(t, w, "rfc4475/" .. message, uri))
      local answer = w:expect(pattern)
      if answer.status == 401 then expect(answer:header("WWW-Authenticate")):matches("^Digest ") end
      device.lives(t)
    end)
  end
end)
