-- Registrations and credentials against the rules, B62 and B63; scenarios/tests/registrations.lua and digest.lua have more.
scenario("B62: a hundred Contacts in a 200, ours among them", function(t)
  local alice, reg = t:agent("alice"), t:wire("reg")
  local registration = alice:register(reg)
  local register = reg:expect("REGISTER")
  local rows = {}
  for i = 1, 99 do rows[i] = "<sip:other" .. i .. "@192.0.2." .. i .. ">;expires=" .. i end
  table.insert(rows, 50, register:header("Contact") .. ";expires=77")
  reg:reply(register, 200, { headers = { Contact = rows } })
  registration:wait("registered")
  expect(registration.expires):between(76, 77)
  reg:ignore("REGISTER")
end)

scenario("B62: a hundred Contacts in a REGISTER: all of them or none", function(t)
  local alice, reg = t:agent("alice"), t:registrar("reg", { domain = "example.com" })
  local rows = {}
  for i = 1, 100 do rows[i] = "<sip:alice" .. i .. "@192.0.2." .. i .. ">" end
  expect(function() alice:register(reg, { contacts = rows }) end):raises("64 contacts at most")
  local aor = "<sip:alice@example.com>"
  local tx = alice:request("REGISTER", reg, { headers = { To = aor, From = aor .. ";tag=1", Contact = rows } })
  local response = tx:response()
  expect(#reg:bindings("sip:alice@example.com")):equals(response.status == 200 and 100 or 0)
end)

scenario("B62: a 423 that wants more each time is the end after seventy tries", function(t)
  local alice, reg = t:agent("alice"), t:wire("reg")
  local registration = alice:register(reg, { expires = "1m" })
  for i = 1, 71 do
    local register = reg:expect("REGISTER")
    expect(register.cseq.number):equals(i)
    reg:reply(register, 423, { headers = { ["Min-Expires"] = tostring(100 + i) } })
  end
  registration:wait("failed")
  reg:expect_none("REGISTER", "1m")
end)

scenario("B63: a nonce of 64 KiB", function(t)
  local alice = t:agent("alice", { transport = "tcp", auth = { user = "alice", password = "open", realm = "example.com" } })
  local w = t:wire("w", { transport = "tcp" })
  local tx = alice:options(w)
  w:reply(w:expect("OPTIONS"), 401, { headers = {
    ["WWW-Authenticate"] = 'Digest realm="example.com", nonce="' .. ("n"):rep(65536 - 1000) .. '"' } })
  tx:response(401)
  w:expect_none("*", "1s")
end)

scenario("B63: a new nonce that nobody called stale counts from one", function(t)
  local alice, w = t:agent("alice", { auth = { user = "alice", password = "open", realm = "example.com" } }), t:wire("w")
  local function count(request) return request:header("Authorization"):match("nc=(%x+)") end
  local function challenged(nonce)
    w:reply(w:expect("OPTIONS"), 401, { headers = { ["WWW-Authenticate"] =
      'Digest realm="example.com", nonce="' .. nonce .. '", qop="auth"' } })
    local again = w:expect("OPTIONS [Authorization]")
    expect(count(again)):equals("00000001")
    expect(again:header("Authorization")):contains('nonce="' .. nonce .. '"')
    w:reply(again, 200)
  end
  for _, nonce in ipairs { "one", "two" } do
    local tx = alice:options(w)
    challenged(nonce)
    tx:response(200)
  end
end)
