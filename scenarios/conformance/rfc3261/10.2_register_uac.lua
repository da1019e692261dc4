-- RFC 3261 §10.2: how a user agent registers. Where the registrar has to listen the target's `bind` says.
local device = require("_device")

group("uac", { needs = { "uac", "digest", "trigger:register", "trigger:unregister" }, tags = { "uac" } }, function()
  scenario("it registers with digest, and takes it back", { covers = { "REG-001", "REG-002", "UAC-014" } },
    function(t)
      local reg = t:registrar("reg", { users = { dut = param("password", "dut") } })
      t.dut:trigger("register")
      local asked, proved = reg:expect("REGISTER"), reg:expect("REGISTER [Authorization]")
      local aor = tostring(proved.to.uri)
      t:sleep("100ms")
      expect(asked.uri.user, "the user of its Request-URI"):is_nil()
      expect(proved.call_id):equals(asked.call_id)
      expect(proved.cseq.number):equals(asked.cseq.number + 1)
      expect(#reg:bindings(aor), "bindings"):equals(1)

      t.dut:trigger("unregister")
      t:sleep("100ms")
      expect(#reg:bindings(aor), "bindings that are left"):equals(0)
      local number = asked.cseq.number
      for _, register in ipairs(t:messages("dut->>reg: REGISTER")) do
        if not register.copy_of and register.call_id == asked.call_id then
          expect(register.cseq.number):equals(number)
          number = number + 1
        end
      end
    end)

  -- Registered, at a registrar whose answers to come are changed.
  local function registered(t, change)
    local reg = t:registrar("reg", { users = { dut = param("password", "dut") } })
    if change then reg:on_send(change) end
    t.dut:trigger("register")
    reg:expect("REGISTER [Authorization]")
    reg:expect("REGISTER")
    t:sleep("100ms")
    return reg
  end

  local function sent(t) return t:messages("dut->>reg: REGISTER") end

  -- Of a 200: its own Contacts live for so long; these stand before them.
  local function granted(seconds, others)
    return function(msg)
      if not msg:is("200 REGISTER") or not msg:header("Contact") then return end
      local contacts = table.move(others or {}, 1, #(others or {}), 1, {})
      for _, contact in ipairs(msg:headers("Contact")) do
        contacts[#contacts + 1] = (contact:gsub("expires=%d+", "expires=" .. seconds))
      end
      return msg:with { headers = { Contact = contacts, Expires = "3600" } }
    end
  end

  scenario("it refreshes in time what is its own, in the same call", { tags = { "long" },
    covers = { "REG-002", "REG-002b", "REG-006", "REG-006b" } }, function(t)
      local reg = registered(t, granted(20, { "<sip:dut@192.0.2.77>;expires=3600" }))
      local first, since = sent(t)[1], t:now()
      local again = reg:expect("REGISTER", { within = "21s" })
      expect(t:now() - since):between(0, 20)
      expect(again:header("Contact")):never():contains("192.0.2.77")
      expect(again.call_id):equals(first.call_id)
      t.dut:trigger("unregister")
      t:sleep("100ms")
      for i, register in ipairs(sent(t)) do
        expect(register.call_id):equals(first.call_id)
        expect(register.cseq.number):equals(first.cseq.number + i - 1)
      end
    end)

  scenario("it waits for the answer before it registers anew", { covers = { "REG-003" } }, function(t)
    local reg = t:registrar("reg", { users = { dut = param("password", "dut") } })
    reg:on_receive(function(msg) if msg:is("REGISTER") and t:now() < 3 then return false end end)
    t:spawn(function() t.dut:trigger("register") end)
    t:sleep("2.9s")
    local copies = sent(t)
    expect(#copies, "copies"):at_least(device.times(reg, 2))
    for _, copy in ipairs(copies) do
      expect(copy.cseq.number):equals(copies[1].cseq.number)
      expect(copy.via[1].branch):equals(copies[1].via[1].branch)
    end
    t:sleep("5s")
    if reg.transport == "udp" then t.dut:trigger("unregister") end -- over a stream nothing came again to be answered
  end)

  scenario("too brief is made longer, or left", { covers = { "REG-004" } }, function(t)
    local told
    registered(t, function(msg)
      if told or not msg:is("200 REGISTER") then return end
      told = true
      return msg:with { status = 423, headers = { Contact = false, ["Min-Expires"] = "7200" } }
    end)
    t:sleep("5s")
    expect(#sent(t), "REGISTERs"):at_least(2)
    for i = 3, #sent(t) do
      local asked = sent(t)[i]
      local own = asked.contact and asked.contact[1].params.expires or asked:header("Expires")
      expect(tonumber(own), "what it asks then"):at_least(7200)
    end
  end)

  scenario("who does not answer is not asked again at once", { tags = { "long" }, covers = { "REG-005" } }, function(t)
    local reg = t:registrar("reg", { users = { dut = param("password", "dut") } })
    reg:on_receive(function(msg) if msg:is("REGISTER") then return false end end)
    t:spawn(function() t.dut:trigger("register") end)
    t:sleep("33s")
    local asked = sent(t)
    expect(#asked, "copies"):at_least(device.times(reg, 2))
    for _, copy in ipairs(asked) do expect(copy.via[1].branch):equals(asked[1].via[1].branch) end
  end)
end)
