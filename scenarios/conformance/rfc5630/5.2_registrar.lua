-- RFC 5630 §5.2: a registrar does not bind what is to be secure where its way is not.
local device = require("_device")

group("registrar", { needs = { "registrar" }, tags = { "registrar" } }, function()
  scenario("a SIPS Contact of a SIP address of record is a 400, and not bound", { covers = { "TLS-N01" } }, function(t)
    local alice = t:agent("alice", { account = "alice" })
    device.emptied(t, alice, "alice")
    expect(device.register(t, alice, "alice", "<sips:alice@192.0.2.1>", { Expires = "600" }).status):equals(400)
    expect(device.register(t, alice, "alice").contact):is_nil()
  end)
end)
