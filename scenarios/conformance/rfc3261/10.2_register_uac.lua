-- RFC 3261 §10.2: how a user agent registers. Where the registrar has to listen the target's `bind` says.

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
    end)
end)
