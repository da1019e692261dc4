-- What a registrar does with REGISTER, RFC 3261 §10.3, step by step. The requests are made by hand, so that
-- each can be wrong in its own way.

local AOR = "sip:alice@example.com"

local function register(agent, registrar, contacts, extra)
  local headers = { To = "<" .. AOR .. ">", From = "<" .. AOR .. ">", Contact = contacts or false }
  for name, value in pairs(extra or {}) do headers[name] = value end
  return agent:request("REGISTER", registrar, { headers = headers }):response()
end

local function listed(registrar)
  local uris = {}
  for i, binding in ipairs(registrar:bindings(AOR)) do uris[i] = binding.contact end
  return table.concat(uris, " ")
end

group("registrar", function()
  scenario("an address that nobody has registered has no bindings", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg")
    local ok = register(alice, reg)
    expect(ok.status):equals(200)
    expect(ok:header("Contact")):is_nil()
    expect(listed(reg)):equals("")
  end)

  scenario("each Contact is a binding with its own time and rank", { net = "sim" }, function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg", { expires = "10m" })
    local ok = register(alice, reg, { "<sip:a@192.0.2.1>;q=0.2;expires=60", "<sip:a@192.0.2.2>;q=0.7" },
      { Expires = "120" })
    expect(ok:headers("Contact")):equals{ "<sip:a@192.0.2.2>;q=0.7;expires=120",
                                          "<sip:a@192.0.2.1>;q=0.2;expires=60" }
    t:sleep("61s")
    expect(listed(reg)):equals("sip:a@192.0.2.2")
    t:sleep("60s")
    expect(listed(reg)):equals("")
  end)

  scenario("without a wish the registrar chooses, and it cuts what is too long", function(t)
    local alice = t:agent("alice")
    local reg = t:registrar("reg", { expires = "5m", max_expires = "10m" })
    expect(register(alice, reg, "<sip:a@192.0.2.1>").contact[1].params.expires):equals("300")
    expect(register(alice, reg, "<sip:a@192.0.2.1>;expires=86400").contact[1].params.expires):equals("600")
    expect(register(alice, reg, "<sip:a@192.0.2.1>;expires=4294967295").contact[1].params.expires):equals("600")
  end)

  for _, case in ipairs{ { "59", 423 }, { "60", 200 }, { "0", 200 } } do
    scenario("with a least time of 60 s, " .. case[1] .. " s get a " .. case[2], function(t)
      local alice, reg = t:agent("alice"), t:registrar("reg", { min_expires = "60s" })
      local response = register(alice, reg, "<sip:a@192.0.2.1>", { Expires = case[1] })
      expect(response.status):equals(case[2])
      expect(response:header("Min-Expires")):equals(case[2] == 423 and "60" or nil)
      expect(listed(reg)):equals(case[1] == "60" and "sip:a@192.0.2.1" or "")
    end)
  end

  scenario("an hour is never too brief", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg", { min_expires = "2h", max_expires = "3h" })
    expect(register(alice, reg, "<sip:a@192.0.2.1>", { Expires = "3600" }).status):equals(200)
    expect(register(alice, reg, "<sip:a@192.0.2.1>", { Expires = "3599" }).status):equals(423)
  end)

  scenario("the star takes all bindings away", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg")
    register(alice, reg, { "<sip:a@192.0.2.1>", "<sip:b@192.0.2.2>" })
    expect(register(alice, reg, "*", { Expires = "0" }).status):equals(200)
    expect(listed(reg)):equals("")
  end)

  for name, wrong in pairs{
    ["without Expires"] = { "*" },
    ["with a time"] = { "*", { Expires = "60" } },
    ["beside another"] = { { "*", "<sip:a@192.0.2.1>" }, { Expires = "0" } },
    ["behind another"] = { { "<sip:a@192.0.2.1>", "*" }, { Expires = "0" } },
  } do
    scenario("a star " .. name .. " is a bad request and changes nothing", function(t)
      local alice, reg = t:agent("alice"), t:registrar("reg")
      register(alice, reg, "<sip:c@192.0.2.3>")
      expect(register(alice, reg, wrong[1], wrong[2]).status):equals(400)
      expect(listed(reg)):equals("sip:c@192.0.2.3")
    end)
  end

  scenario("of one Call-ID only a higher number counts", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg")
    local function numbered(cseq, expires)
      return register(alice, reg, "<sip:a@192.0.2.1>", { ["Call-ID"] = "one", CSeq = cseq .. " REGISTER",
                                                         Expires = expires }).status
    end
    expect(numbered(5, "60")):equals(200)
    expect(numbered(4, "0")):equals(500)
    expect(listed(reg)):equals("sip:a@192.0.2.1")
    expect(numbered(6, "0")):equals(200)
    expect(listed(reg)):equals("")
  end)

  scenario("if one Contact cannot be, none is", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg", { min_expires = "60s" })
    expect(register(alice, reg, { "<sip:a@192.0.2.1>;expires=600", "<sip:b@192.0.2.2>;expires=5" }).status)
      :equals(423)
    expect(listed(reg)):equals("")
  end)

  scenario("addresses of another domain are not found", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg", { domain = "example.org" })
    expect(register(alice, reg, "<sip:a@192.0.2.1>").status):equals(404)
  end)

  scenario("a hundred Contacts are too many, and leave nothing behind", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg") -- B62
    local contacts = {}
    for i = 1, 100 do contacts[i] = "<sip:a" .. i .. "@192.0.2.1>" end
    expect(register(alice, reg, contacts).status):equals(500)
    expect(listed(reg)):equals("")
    expect(register(alice, reg, contacts[1]).status):equals(200)
  end)

  scenario("Path is kept with the binding, and given back", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg")
    local ok = register(alice, reg, "<sip:a@192.0.2.1>",
      { Path = "<sip:p1.example.com;lr>, <sip:p2.example.com;lr>", Supported = "path" })
    expect(ok:headers("Path")):equals{ "<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>" }
    expect(reg:bindings(AOR)[1].path):equals{ "<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>" }
  end)

  scenario("a Path that the agent does not know of is refused", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg") -- RFC 3327 §5.3
    local refused = register(alice, reg, "<sip:a@192.0.2.1>", { Path = "<sip:p1.example.com;lr>" })
    expect(refused.status):equals(420)
    expect(refused:header("Unsupported")):equals("path")
  end)

  scenario("Service-Route comes with each 200", function(t)
    local alice = t:agent("alice")
    local reg = t:registrar("reg", { service_route = "<sip:out.example.com;lr>" })
    expect(register(alice, reg, "<sip:a@192.0.2.1>"):header("Service-Route")):equals("<sip:out.example.com;lr>")
  end)

  scenario("a flow is replaced by itself, whatever its address", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg") -- RFC 5626 §6
    local flow = ';+sip.instance="<urn:uuid:1>";reg-id=1'
    local ok = register(alice, reg, "<sip:a@192.0.2.1>" .. flow, { Supported = "path, outbound" })
    expect(ok:header("Require")):equals("outbound")
    register(alice, reg, "<sip:a@192.0.2.7>" .. flow, { Supported = "path, outbound" })
    expect(listed(reg)):equals("sip:a@192.0.2.7")
    expect(reg:bindings(AOR)[1].reg_id):equals(1)
    expect(reg:bindings(AOR)[1].instance):equals("<urn:uuid:1>")
  end)

  scenario("without outbound the number of a flow means nothing", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg")
    local flow = ';+sip.instance="<urn:uuid:1>";reg-id=1'
    register(alice, reg, "<sip:a@192.0.2.1>" .. flow)
    register(alice, reg, "<sip:a@192.0.2.7>" .. flow)
    expect(listed(reg)):equals("sip:a@192.0.2.7 sip:a@192.0.2.1")
  end)

  scenario("two flows at once are a bad request", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg")
    local flow = ';+sip.instance="<urn:uuid:1>";reg-id='
    expect(register(alice, reg, { "<sip:a@192.0.2.1>" .. flow .. 1, "<sip:a@192.0.2.2>" .. flow .. 2 },
      { Supported = "path, outbound" }).status):equals(400)
  end)

  scenario("a registrar that crashes has forgotten all", function(t)
    local alice, reg = t:agent("alice"), t:registrar("reg")
    register(alice, reg, "<sip:a@192.0.2.1>")
    reg:crash()
    reg:restart()
    expect(listed(reg)):equals("")
    expect(register(alice, reg, "<sip:a@192.0.2.1>").status):equals(200)
  end)

  for _, method in ipairs{ "INFO", "MESSAGE", "SUBSCRIBE" } do
    scenario("a registrar is asked nothing else: " .. method, function(t)
      local alice, reg = t:agent("alice"), t:registrar("reg")
      local headers = { Event = method == "SUBSCRIBE" and "presence" or nil }
      local refused = alice:request(method, reg, { headers = headers }):response(405)
      expect(refused:header("Allow")):equals("REGISTER, OPTIONS")
    end)
  end

  scenario("a mistake in its options names the mend", function(t)
    expect(function() t:registrar("r1", { algorithm = "MD4" }) end):raises("none of MD5, SHA-256")
    expect(function() t:registrar("r2", { user = {} }) end):raises("did you mean 'users'")
    expect(function() t:registrar("r3", { expires = "1.5s" }) end):raises("whole seconds")
    expect(function() t:agent("a"):new_nonce() end):raises("is for those of t:registrar")
  end)
end)
