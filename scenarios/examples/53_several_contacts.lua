-- One user, three phones. Each Contact has its own rank and its own time; whoever asks without a Contact
-- hears of all of them, and "*" with no time takes all away (RFC 3261 §10.2).

scenario("several contacts, a fetch, and the star", function(t)
  local reg   = t:registrar("reg", { domain = "example.com" })
  local alice = t:agent("alice")

  local desk = alice:register(reg, { contacts = {
    "<sip:desk@192.0.2.1>;q=0.9", "<sip:mobile@192.0.2.2>;q=0.5;expires=120" } })
  desk:wait("registered")

  local home = alice:register(reg, { contacts = { "<sip:home@192.0.2.3>;q=0.7" } })
  home:wait("registered")

  local all = alice:register(reg, { fetch = true })
  all:wait("registered")
  expect(all.last_response:headers("Contact")):equals {
    "<sip:desk@192.0.2.1>;q=0.9;expires=3600",
    "<sip:home@192.0.2.3>;q=0.7;expires=3600",
    "<sip:mobile@192.0.2.2>;q=0.5;expires=120",
  }

  local none = alice:register(reg, { contacts = { "*" }, expires = 0 })
  none:wait("unregistered")
  expect(#reg:bindings("sip:alice@example.com")):equals(0)
end)
