-- RFC 3261 §10.2.4: a registration is made longer before its time is over.
local alice_of = require("_alice")

scenario("a registration is refreshed before it expires", function(t)
  local alice, reg = alice_of(t), t:wire("reg")
  local registration = alice:register(reg, { expires = "60s" })
  local register = reg:expect("REGISTER")
  reg:reply(register, 200, { contact = register:header("Contact") .. ";expires=60" })
  registration:wait("registered")
  local refresh = reg:expect("REGISTER", { within = "60s" })
  reg:reply(refresh, 200, { contact = refresh:header("Contact") .. ";expires=60" })
  reg:ignore("REGISTER")
end)
