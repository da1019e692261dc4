-- GRUUs, RFC 5627: a URI for one instance of a user agent. The registrar makes it, the proxy knows what it
-- means, the agent says it in its Contact.

local AOR = "sip:alice@example.com"

-- A proxy that is the registrar of its domain, and agents of alice's that are registered there.
local function domain(t, opts)
  opts = opts or {}
  opts.domain, opts.registrar = "example.com", true
  return t:proxy("proxy", opts)
end

local function phone(t, proxy, name, opts)
  local agent = t:agent(name, { uri = AOR, outbound = proxy })
  opts = opts or {}
  if opts.gruu == nil then opts.gruu = true end
  local registration = agent:register(proxy, opts)
  registration:wait("registered")
  return agent, registration
end

scenario("RFC 5627 §4.1, §5.2: who asks for it gets one", function(t)
  local proxy = domain(t)
  local _, registration = phone(t, proxy, "desk", { instance = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6" })
  local asked = t:messages("desk->>proxy: REGISTER")[1]
  expect(asked:header("Supported")):contains("gruu")
  expect(asked.contact[1].params["+sip.instance"]):contains("urn:uuid:f81d4fae")
  expect(registration.pub_gruu):equals(AOR .. ";gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
  expect(registration.temp_gruu):matches("^sip:tgruu\\.[0-9a-f]{48}@example.com;gr$")
  expect(registration.last_response:header("Require")):is_nil()
end)

scenario("RFC 5627 §5.2: who does not ask for it gets none", function(t)
  local proxy = domain(t)
  local _, registration = phone(t, proxy, "desk", { gruu = false, instance = "urn:uuid:1" })
  expect(registration.last_response:header("Contact")):never():contains("gruu")
  expect(registration.pub_gruu):is_nil()
  expect(registration.temp_gruu):is_nil()
end)

scenario("an instance of its own making is the same after a restart", function(t)
  local proxy = domain(t)
  local desk, first = phone(t, proxy, "desk")
  local gruu = first.pub_gruu
  expect(gruu):matches(";gr=urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
  desk:crash()
  desk:restart()
  local second = desk:register(proxy, { gruu = true })
  second:wait("registered")
  expect(second.pub_gruu):equals(gruu)
  local other = select(2, phone(t, proxy, "mobile"))
  expect(other.pub_gruu):never():equals(gruu)
end)

for _, kind in ipairs { "pub_gruu", "temp_gruu" } do
  scenario("RFC 5627 §6.1: a call to a " .. kind .. " reaches that phone and no other", function(t)
    local proxy = domain(t)
    local desk, registration = phone(t, proxy, "desk")
    local mobile = phone(t, proxy, "mobile")
    local bob = t:agent("bob", { outbound = proxy })
    local call = bob:invite(registration[kind])
    local leg = desk:expect_invite()
    expect(leg.request.uri.params.gr):is_nil()               -- the registered contact took its place
    expect(tostring(leg.request.uri)):contains(desk.address)
    leg:answer()
    call:wait("confirmed")
    mobile:expect_none("INVITE", "1s")
    call:bye():response(200)
  end)
end

scenario("RFC 5627 §4.4: it is the Contact of what makes a dialog, and requests come back by it", function(t)
  local proxy = domain(t)
  local desk, registration = phone(t, proxy, "desk")
  local bob = t:agent("bob", { outbound = proxy })
  t.net:dns { ["example.com"] = { a = proxy }, ["_sip._udp.example.com"] = { srv = { 1, 1, proxy, "example.com" } } }
  local call = desk:invite(bob)
  local leg = bob:expect_invite()
  expect(tostring(leg.request.contact[1].uri)):equals(registration.pub_gruu)
  leg:answer()
  call:wait("confirmed")
  leg:wait("confirmed")
  expect(leg.dialog.remote_target):equals(registration.pub_gruu)
  leg:bye():response(200)
  call:wait("terminated")
  t:flow([[
    bob->>proxy: BYE [uri.params.gr]
    proxy->>desk: BYE [!uri.params.gr]
    desk->>proxy: 200 BYE
    proxy->>bob: 200 BYE
  ]], { loose = true })
end)

scenario("RFC 5627 §4.4: a callee says it too, a subscriber and a notifier as well", function(t)
  local proxy = domain(t)
  local desk, registration = phone(t, proxy, "desk")
  local bob = t:agent("bob", { outbound = proxy })
  t.net:dns { ["example.com"] = { a = proxy }, ["_sip._udp.example.com"] = { srv = { 1, 1, proxy, "example.com" } } }
  local call = bob:invite(AOR)
  local leg = desk:expect_invite()
  leg:ring()
  expect(tostring(call:expect(180).contact[1].uri)):equals(registration.pub_gruu)
  leg:answer()
  call:wait("confirmed")
  expect(call.dialog.remote_target):equals(registration.pub_gruu)
  call:bye():response(200)
  local watch = bob:subscribe(AOR, "presence")
  local sub = desk:expect_subscribe("presence")
  sub:accept()
  watch:wait("active")
  expect(tostring(watch.last_notify.contact[1].uri)):equals(registration.pub_gruu)
  watch:terminate():response(200)
end)

scenario("RFC 5627 §4.4: temporary, where that is asked for, another one with each refresh", function(t)
  local proxy = domain(t)
  local desk, registration = phone(t, proxy, "desk", { gruu = "temporary" })
  local bob = t:agent("bob", { outbound = proxy })
  local first = registration.temp_gruu
  registration:refresh():response(200)
  local second = registration.temp_gruu
  expect(second):never():equals(first)
  local call = desk:invite(bob)
  local leg = bob:expect_invite()
  expect(tostring(leg.request.contact[1].uri)):equals(second)
  leg:reject(486)
  call:expect(486)
  for _, gruu in ipairs { first, second } do                 -- RFC 5627 §5.4: both are valid
    bob:options(gruu):response(200)
  end
end)

scenario("RFC 5627 §5.1: another Call-ID makes the temporary ones invalid", function(t)
  local proxy = domain(t)
  local desk, registration = phone(t, proxy, "desk", { instance = "urn:uuid:1" })
  local bob = t:agent("bob", { outbound = proxy })
  local old = registration.temp_gruu
  bob:options(old):response(200)
  local anew = desk:register(proxy, { instance = "urn:uuid:1", gruu = true })
  anew:wait("registered")
  bob:options(old):response(404)
  bob:options(anew.temp_gruu):response(200)
  bob:options(registration.pub_gruu):response(200)
end)

scenario("RFC 5627 §5.3: without its registration a public one is a 480, a temporary one a 404", function(t)
  local proxy = domain(t)
  local desk, registration = phone(t, proxy, "desk")
  local bob = t:agent("bob", { outbound = proxy })
  local public, temporary = registration.pub_gruu, registration.temp_gruu
  registration:terminate():response(200)
  expect(registration.pub_gruu):is_nil()
  bob:options(public):response(480)
  bob:options(temporary):response(404)
  bob:options("sip:nobody@example.com;gr"):response(404)
  local call = desk:invite(bob)                              -- and it is its Contact no more
  local leg = bob:expect_invite()
  expect(leg.request.contact[1].uri.params.gr):is_nil()
  leg:reject(486)
  call:expect(486)
end)

scenario("RFC 5627 §6.1: of two contacts of one instance the newest is asked", function(t)
  local proxy = domain(t)
  local old = phone(t, proxy, "old", { instance = "urn:uuid:1" })
  t:sleep("1s")
  local new, registration = phone(t, proxy, "new", { instance = "urn:uuid:1" })
  local bob = t:agent("bob", { outbound = proxy })
  local call = bob:invite(registration.pub_gruu)
  new:expect_invite():reject(486)
  call:expect(486)
  old:expect_none("INVITE", "1s")
end)

for name, contact in pairs {
  ["the address itself"] = "<" .. AOR .. ">", ["a GRUU of the address"] = "<" .. AOR .. ";gr=urn:uuid:1>",
  ["no SIP URI"] = "<tel:+123>",
} do
  scenario("RFC 5627 §5.1: an instance whose contact is " .. name .. " is refused", function(t)
    local proxy = domain(t)
    local desk = t:agent("desk", { uri = AOR })
    local registration = desk:register(proxy, { contacts = { contact .. ';+sip.instance="<urn:uuid:1>"' } })
    registration:wait("failed")
    expect(registration.last_response.status):equals(403)
    expect(#proxy:bindings(AOR)):equals(0)
  end)
end

scenario("RFC 5627 §5.1: nobody gives himself one", function(t)
  local proxy = domain(t)
  local desk = t:agent("desk", { uri = AOR })
  local registration = desk:register(proxy, { contacts = {
    "<sip:desk@" .. desk.address .. '>;+sip.instance="<urn:uuid:1>";pub-gruu="sip:evil@example.com;gr=x";temp-gruu="sip:evil@example.com;gr"' } })
  registration:wait("registered")
  expect(registration.last_response:header("Contact")):never():contains("evil")
  expect(proxy:bindings(AOR)[1].params):never():matches("gruu")
end)

for name, param in pairs {
  ["no URI"] = '"x y z"', ["a URI without gr"] = '"sip:a@example.com"', ["no quotes"] = "sip", ["nothing"] = '""',
  ["a bracket"] = '"sip:a@example.com;gr=1>,<sip:evil@example.com"', ["an escape"] = '"sip:a\\\\@example.com;gr"',
} do
  scenario("a GRUU that is " .. name .. " is none", function(t)
    local desk, reg, bob = t:agent("desk", { uri = AOR }), t:wire("reg"), t:agent("bob")
    local registration = desk:register(reg, { gruu = true })
    local register = reg:expect("REGISTER")
    reg:reply(register, 200, { headers = { Contact = register:header("Contact") .. ";expires=60;pub-gruu=" .. param } })
    registration:wait("registered")
    expect(registration.pub_gruu):is_nil()
    local call = desk:invite(bob)
    local leg = bob:expect_invite()
    expect(tostring(leg.request.contact[1].uri)):never():contains("evil")
    expect(leg.request.contact[1].uri.params.gr):is_nil()
    leg:reject(486)
    call:expect(486)
    reg:ignore("REGISTER")
  end)
end

scenario("gruu is true, public or temporary", function(t)
  local desk, reg = t:agent("desk"), t:registrar("reg")
  expect(function() desk:register(reg, { gruu = "private" }) end):raises('true, "public" or "temporary"')
  expect(function() desk:register(reg, { gruu = 1 }) end):raises('true, "public" or "temporary"')
end)
