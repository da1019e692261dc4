-- Devices that break one rule of registrars, proxies, digest or the ways that messages take.

local function of(pattern) return function(msg) return msg:is(pattern) end end
local function with(is, change)
  return function(msg) if is(msg) then return msg:with(change) end end
end
local function without(is) return function(msg) if is(msg) then return false end end end

-- A header of what it sends, changed by gsub: in each value.
local function edited(pattern, name, from, to)
  return function(msg)
    if not msg:is(pattern) or not msg:header(name) then return end
    local rows, changed = {}, 0
    for i, value in ipairs(msg:headers(name)) do
      local n
      rows[i], n = value:gsub(from, to)
      changed = changed + n
    end
    if changed > 0 then return msg:with { headers = { [name] = rows } } end
  end
end

local function also(why, ...)
  local rows = {}
  for _, row in ipairs { ... } do rows[row] = why end
  return rows
end

-- Registrars: what a 200 says instead.
local function refusal(status, reason) return { status = status, reason = reason, headers = { Contact = false } } end

mutant("REG-010b", "star_whenever", {
  why = "a star with an old CSeq is answered 200",
  on_send = with(of("500 REGISTER"), { status = 200, reason = "OK" }),
  also = also("it is the same 500", "REG-011", "REG-012", "REG-012b"),
})
mutant("REG-012b", "called_wrong", {
  why = "an update that fails is a 400",
  on_send = with(of("500 REGISTER"), { status = 400, reason = "Bad Request" }),
  also = also("it is the same 500", "REG-012"),
})
mutant("REG-013", "refused_otherwise", {
  why = "a second is refused, and not with 423",
  on_receive = function(msg)
    if msg:is("REGISTER [Contact]") and msg:header("Contact"):match(";expires=1$") then
      return msg:with { headers = { Contact = "*", Expires = "60" } }
    end
  end,
})
mutant("REG-N04", "hour_refused", {
  why = "an hour is refused",
  on_receive = function(msg)
    if msg:is("REGISTER [Contact]") and msg:header("Expires") == "3600" and msg.cseq.number ~= 70
      and msg:header("Contact") == "<sip:alice@192.0.2.1>" then
      return msg:with { headers = { Contact = "*", Expires = "60" } }
    end
  end,
})
mutant("REG-N01", "requires_nothing", {
  why = "Require is not looked at",
  on_receive = function(msg) if msg:is("REGISTER [Require]") then return msg:with { headers = { Require = false } } end end,
  also = also("it is the same rule", "UAS-005"),
})
mutant("REG-014", "any_domain", {
  why = "who has an address elsewhere is registered here",
  on_send = with(function(msg) return msg:is("404 REGISTER") and msg.to.uri.host == "elsewhere.invalid" end,
    { status = 200, reason = "OK" }),
})
mutant("REG-016", "escapes_kept", {
  why = "an escaped letter is another letter",
  on_send = with(function(msg) return msg:is("200 REGISTER") and msg:header("To"):find("%61", 1, true) ~= nil end,
    refusal(404, "Not Found")),
})
mutant("REG-016b", "parameters_kept", {
  why = "an address with parameters is another address",
  on_send = with(function(msg) return msg:is("200 REGISTER") and msg:header("To"):find("user=phone", 1, true) ~= nil end,
    refusal(404, "Not Found")),
})
mutant("REG-020", "header_unescaped", {
  why = "the header inside a Contact is unescaped",
  on_send = edited("200 REGISTER", "Contact", "%%3C", "<"),
  also = also("it is the torture message of that", "TOR-regescrt"),
})
mutant("REG-N05", "number_of_another_call", {
  why = "the CSeq of another Call-ID counts",
  on_receive = (function()
    local high
    return function(msg)
      if not msg:is("REGISTER [Contact]") or not msg.cseq then return end
      if msg.cseq.number == 70 then high = true end
      if high and msg.cseq.number == 1 then return msg:with { headers = { Contact = "*", Expires = "60" } } end
    end
  end)(),
})
mutant("REG-022b", "outbound_unsaid", {
  why = "a flow is taken, and not said to be one",
  on_send = with(of("200 REGISTER [Require]"), { headers = { Require = false } }),
})
mutant("REG-022", "flows_add_up", {
  why = "reg-id and instance are not looked at",
  on_receive = edited("REGISTER", "Contact", ";reg%-id=%d+", ""),
  also = also("there is no flow then", "REG-022b", "REG-N06"),
})
mutant("REG-N06", "any_hop", {
  why = "a flow by way of somebody who knows none is taken",
  on_send = with(of("439 REGISTER"), { status = 200, reason = "OK" }),
})
mutant("REG-024b", "path_forgotten", {
  why = "the path is not the way to who registered by it",
  on_send = with(of("MESSAGE [Route]"), { headers = { Route = false } }),
  also = also("it looks at Route, too", "REG-024", "PRX-003", "PRX-007", "PRX-029b"),
})

-- Proxies.
mutant("PRX-007", "strict_in_route", {
  why = "the Request-URI is not put behind the Route",
  on_send = function(msg)
    if msg:is("MESSAGE [Route]") and msg:header("Route"):find("192.0.2.9", 1, true) and msg.uri.user == nil then
      return msg:with { headers = { Route = msg:headers("Route")[1] } }
    end
  end,
})
mutant("PRX-003", "route_kept", {
  why = "the Route that became the Request-URI stays",
  on_send = function(msg)
    if msg:is("MESSAGE [Route]") and tostring(msg.uri) == "sip:bob@192.0.2.1" and msg.to.tag then
      return msg:with { headers = { Route = { msg:headers("Route")[1], "<sip:bob@192.0.2.1>" } } }
    end
  end,
  also = also("it is the same example", "PRX-029b"),
})
mutant("PRX-004", "maddr_kept", {
  why = "its own maddr stays in the Request-URI",
  on_receive = function(msg)
    if msg:is("MESSAGE") and tostring(msg.uri):find("maddr", 1, true) then return false end
  end,
})
mutant("PRX-009b", "rows_sorted", {
  why = "what it does not know goes last",
  on_send = with(of('MESSAGE ["X-Ape"]'), { headers = { Subject = false } }),
})
mutant("PRX-010", "longer_than_it_is", {
  why = "the Content-Length that it adds is one too much",
  on_send = function(msg)
    if msg:is("MESSAGE") and msg:header("Via"):find("TCP", 1, true) then
      return msg:with { headers = { ["Content-Length"] = tostring(#msg.body + 1) } }
    end
  end,
  also = also("what is too long does not come", "CTN-005", "CTN-004"),
})
mutant("PRX-014c", "tells_little", {
  why = "the first of the 4xx is the best",
  on_send = function(msg)
    if msg:is("401|407|415|420|484 INVITE") and msg.to.tag == "h" then
      return msg:with { status = 404, reason = "Not Found" }
    end
  end,
})
mutant("PRX-015", "own_challenge_only", {
  why = "the challenges of the other phone are lost",
  on_send = function(msg)
    if msg:is("401|407 INVITE") and msg:header("WWW-Authenticate") and msg:header("Proxy-Authenticate") then
      return msg:with { headers = { [msg.status == 401 and "Proxy-Authenticate" or "WWW-Authenticate"] = false } }
    end
  end,
  also = also("it looks at both, too", "AUT-N04"),
})
mutant("AUT-N04", "challenges_turned", {
  why = "the challenges of one phone are turned round",
  on_send = function(msg)
    local all = msg:is("407 INVITE") and msg:headers("Proxy-Authenticate") or {}
    if #all == 2 and all[2]:find('realm="a"', 1, true) then
      return msg:with { headers = { ["Proxy-Authenticate"] = { all[2], all[1] } } }
    end
  end,
  also = also("it looks at the same challenges", "PRX-015"),
})
mutant("PRX-028", "credentials_eaten", {
  why = "the credentials of every realm end here",
  on_send = with(of("MESSAGE [Proxy-Authorization]"), { headers = { ["Proxy-Authorization"] = false } }),
})
mutant("PRX-N04", "method_kept", {
  why = "a Contact with a method becomes the Request-URI as it is",
  on_send = function(msg)
    if msg:is("MESSAGE") and msg.uri.host ~= "192.0.2.1" and #msg.via == 2 and not msg:header("Route")
      and not tostring(msg.uri):find(";", 1, true) and not msg:header("X-Odd") and not msg:header("X-Ape") then
      return msg:with { uri = tostring(msg.uri) .. ";method=INVITE" }
    end
  end,
  also = also("it looks at the Request-URI, too", "PRX-004"),
})
mutant("PRX-N06", "tag_changed", {
  why = "the To tag of a refusal is its own",
  on_send = function(msg)
    if msg:is("404|500 MESSAGE") and msg.to.tag == "known" then
      return msg:with { headers = { To = (msg:header("To"):gsub("tag=known", "tag=other")) } }
    end
  end,
})
mutant("PRX-002b", "cancel_requires", {
  why = "Proxy-Require of a CANCEL is a 420",
  on_receive = function(msg) if msg:is("CANCEL [Proxy-Require]") then return false end end,
  also = also("it is the same rule for a callee", "UAS-006"),
})
mutant("PRX-021", "says_nothing", {
  why = "who cannot be reached is not told of",
  on_send = without(of("500 MESSAGE")),
  also = also("a 500 is waited for, too", "PRX-016", "PRX-N06"),
})
mutant("PRX-017b", "rings_on", {
  why = "a 603 leaves the other phone ringing",
  on_send = without(function(msg) return msg:is("CANCEL") and msg.uri.user == "bob" and msg.from.uri.user == "caller" end),
  also = also("a CANCEL is waited for, too", "PRX-017", "PRX-018", "PRX-002b", "CAN-011", "CAN-011b", "CAN-011c",
    "CAN-012", "CAN-003b"),
})
mutant("PRX-N05", "next_after_603", {
  why = "after a 603 the next one is tried",
  on_receive = function(msg)
    if msg:is("603 INVITE") and msg.to.tag == "d" then return msg:with { status = 480, reason = "Gone" } end
  end,
  also = also("a 603 is waited for, too", "PRX-017b"),
})
mutant("PRX-018", "via_of_its_own", {
  why = "a 183 that ends here goes on",
  on_receive = function(msg)
    if msg:is("183 INVITE") and #msg.via == 1 and msg.from.uri.user == "caller" then return msg:with { headers = { Via = { msg:headers("Via")[1], "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx" } } } end
  end,
})
mutant("PRX-019", "impatient", {
  why = "who rings for a minute is cancelled",
  agent = { timers = { C = "60s" } },
  also = also("it is the same timer", "PRX-020", "PRX-019b", "CTI-006b"),
})
mutant("PRX-020b", "never_over", {
  why = "who hears nothing says nothing",
  on_send = without(of("408 INVITE")),
  also = also("it waits for the 408, too", "CTI-001", "CTI-003", "CTI-003b", "CTI-003c", "CTI-N01"),
})
mutant("PRX-022b", "branch_of_a_copy", {
  why = "each copy has another branch",
  on_send = (function()
    local count = 0
    return function(msg)
      if not msg:is("INVITE") or #msg.via ~= 2 or msg.record_route and #msg.record_route > 1 or msg.uri.user ~= "desk" then return end
      count = count + 1
      local via = msg:headers("Via")
      via[1] = via[1]:gsub("branch=", "branch=z9hG4bK" .. count)
      return msg:with { headers = { Via = via } }
    end
  end)(),
})
mutant("PRX-024b", "second_200_lost", {
  why = "a later 200 is kept back",
  on_send = without(function(msg) return msg:is("200 INVITE") and msg.to.tag == "c" end),
})

-- Digest: a registrar, and a phone.
mutant("AUT-013", "one_algorithm_twice", {
  why = "it asks by one algorithm twice",
  on_send = edited("401 REGISTER", "WWW-Authenticate", "SHA%-256", "MD5"),
})
mutant("AUT-006", "replays_wrongly_said", {
  why = "a replay is a mistake of the server's",
  on_send = with(function(msg) return msg:is("401 REGISTER") and msg.cseq.number == 9 end, { status = 500, reason = "Error" }),
})
mutant("AUT-022", "server_error", {
  why = "a proof that is not one is the server's mistake",
  on_send = with(function(msg) return msg:is("400|401|403 REGISTER") and msg.cseq.number == 2 end,
    { status = 500, reason = "Server Internal Error" }),
  also = also("it is a proof that is not one", "AUT-001", "AUT-N51", "AUT-018", "AUT-018b", "AUT-018c", "AUT-002",
    "REG-017", "REG-017b"),
})
mutant("AUT-N51", "two_names", {
  why = "the second name is passed over",
  on_receive = edited("REGISTER", "Authorization", ", username%*=[^,]*", ""),
})
mutant("AUT-018", "uri_passed_over", {
  why = "what a proof was made for is of no interest",
  on_send = with(of("400 REGISTER"), { status = 200, reason = "OK" }),
  also = also("it is a 400, too", "AUT-018b", "REG-009", "REG-012", "TLS-N01", "TOR-regbadct", "TOR-unksm2", "IP6-002",
    "TOR-ipv6-bad"),
})
mutant("AUT-018b", "uri_is_403", {
  why = "what a proof was made for is a 403",
  on_send = with(function(msg) return msg:is("400 REGISTER") and msg.cseq.number == 2 and not msg:header("Contact") end,
    { status = 403, reason = "Forbidden" }),
})
mutant("AUT-018c", "any_nonce", {
  why = "any nonce will do",
  on_send = with(function(msg) return msg:is("401 REGISTER") and (msg:header("WWW-Authenticate") or ""):find("stale=true", 1, true) ~= nil end,
    { status = 200, reason = "OK", headers = { ["WWW-Authenticate"] = false } }),
  also = also("it waits for a 401 that is stale, too", "AUT-002"),
})
mutant("AUT-N01", "asks_by_401", {
  why = "a proxy asks by 401",
  on_send = function(msg)
    if msg:is("407 INVITE [Proxy-Authenticate]") and not msg.to.tag:match("^[bdh]$") then
      return msg:with { status = 401, reason = "Unauthorized", headers = {
        ["WWW-Authenticate"] = msg:headers("Proxy-Authenticate"), ["Proxy-Authenticate"] = false } }
    end
  end,
  also = also("it looks at the 407", "AUT-002b", "AUT-011b", "AUT-011", "AUT-N02", "UAS-017b"),
})
mutant("AUT-011", "cancel_challenged", {
  why = "a CANCEL is asked for credentials",
  on_send = function(msg)
    if msg:is("200 CANCEL") and msg.from.uri.user == "alice" and msg.to.uri.user == "bob" then return msg:with { status = 407, reason = "Proxy Authentication Required" } end
  end,
})
mutant("AUT-N02", "ack_challenged", {
  why = "the ACK of a 200 goes no further",
  on_send = without(function(msg) return msg:is("ACK [Proxy-Authorization]") and #msg.via == 2 end),
})
mutant("AUT-001b", "no_digest_after_basic", {
  why = "where Basic is offered digest is not looked at",
  on_receive = function(msg)
    local all = msg:is("401 INVITE") and msg:headers("WWW-Authenticate") or {}
    if #all > 1 and all[1]:match("^Basic") then return msg:with { headers = { ["WWW-Authenticate"] = all[1] } } end
  end,
})
local function credentials(from, to) return edited("INVITE", "Authorization", from, to) end
mutant("AUT-008", "again_and_again", {
  why = "what was refused is taken for stale",
  on_receive = edited("401 INVITE", "WWW-Authenticate", 'nonce="other"', 'nonce="other", stale=true'),
})
mutant("AUT-007", "stale_unheard", {
  why = "stale is not looked at",
  on_receive = edited("401 INVITE", "WWW-Authenticate", ", stale=true", ""),
  also = also("it is the same nonce", "AUT-005"),
})
mutant("AUT-009", "said_once", {
  why = "what a proxy asked is told to it only once",
  on_send = with(of("BYE [Proxy-Authorization]"), { headers = { ["Proxy-Authorization"] = false } }),
})
mutant("AUT-012", "last_algorithm", {
  why = "the last algorithm is answered",
  on_receive = function(msg)
    local all = msg:is("401 INVITE") and msg:headers("WWW-Authenticate") or {}
    if #all == 3 then return msg:with { headers = { ["WWW-Authenticate"] = all[3] } } end
  end,
})
mutant("AUT-012b", "first_or_none", {
  why = "only the first challenge is looked at",
  on_receive = function(msg)
    local all = msg:is("401 INVITE") and msg:headers("WWW-Authenticate") or {}
    if #all == 2 and all[1]:find("FOO-1", 1, true) then return msg:with { headers = { ["WWW-Authenticate"] = all[1] } } end
  end,
})
mutant("AUT-014b", "session_unheard", {
  why = "-sess is said, and left out of the digest",
  on_send = function(msg)
    local said = msg:is("INVITE [Authorization]") and msg:header("Authorization")
    if said and said:find("-sess", 1, true) then
      return msg:with { headers = { Authorization = (said:gsub('response="%x%x%x%x', 'response="0000')) } }
    end
  end,
})
mutant("AUT-015", "auth_int_as_auth", {
  why = "asked for auth-int it answers auth",
  on_receive = edited("401 INVITE", "WWW-Authenticate", "auth%-int", "auth"),
})
mutant("AUT-016b", "two_realms_none", {
  why = "two realms are too many",
  on_receive = function(msg)
    local all = msg:is("407 INVITE") and msg:headers("Proxy-Authenticate") or {}
    if #all == 2 and #msg.via == 1 and all[2]:find('realm="b"', 1, true) then
      return msg:with { headers = { ["Proxy-Authenticate"] = false } }
    end
  end,
  also = also("it is the same case", "AUT-016"),
})
mutant("AUT-017", "needs_qop", {
  why = "without qop nothing is answered",
  on_receive = function(msg)
    local value = msg:is("401 INVITE") and msg:header("WWW-Authenticate")
    if value and value:match("^Digest") and not value:find("qop", 1, true) then
      return msg:with { headers = { ["WWW-Authenticate"] = false } }
    end
  end,
  also = also("its other challenge has no qop", "MSG-005b"),
})
mutant("AUT-N03", "unknown_qop_refused", {
  why = "a qop that it does not know is too much",
  on_receive = edited("401 INVITE", "WWW-Authenticate", 'qop="foo,auth"', 'qop="foo"'),
  also = also("it is the same rule twice", "AUT-N52"),
})
mutant("AUT-N52", "unknown_qop_answered", {
  why = "the first qop is answered, whatever it is",
  on_receive = edited("401 INVITE", "WWW-Authenticate", 'qop="foo,auth"', 'qop="auth-int"'),
  also = also("it is the same rule twice", "AUT-N03"),
})
mutant("AUT-020", "opaque_lost", {
  why = "opaque does not come back",
  on_send = credentials(', opaque="[^,]*"', ""),
  also = also("it looks at opaque, too", "AUT-019", "AUT-019b", "AUT-003b"),
})

-- Phones that register.
mutant("REG-002b", "call_id_anew", {
  why = "a registration is taken back by another Call-ID",
  on_send = function(msg)
    if msg:is("REGISTER") and msg.cseq.number > 2 then return msg:with { headers = { ["Call-ID"] = msg.call_id .. "x" } } end
  end,
  also = also("it is the same call", "REG-002", "REG-006", "REG-006b"),
})
mutant("REG-006", "foreign_time", {
  why = "the time of the first Contact is its own",
  on_receive = edited("200 REGISTER", "Contact", "expires=20", "expires=3600"),
  also = also("it waits for the refresh", "REG-002", "REG-002b", "REG-006b"),
})
mutant("REG-006b", "refreshes_all", {
  why = "it refreshes what others have registered, too",
  on_send = function(msg)
    if msg:is("REGISTER [Contact]") and msg.cseq.number > 2 then
      return msg:with { headers = { Contact = msg:headers("Contact")[1] .. ", <sip:dut@192.0.2.77>" } }
    end
  end,
  also = also("it is the same refresh", "REG-002", "REG-002b", "REG-006"),
})
local copies = 0
mutant("REG-003", "copy_is_new", {
  why = "each copy is a new registration",
  on_send = function(msg)
    if not msg:is("REGISTER") then return end
    copies = copies + 1
    return msg:with { headers = { Via = (msg:header("Via"):gsub("branch=", "branch=z9hG4bK" .. copies)) } }
  end,
  also = also("it has another branch, too", "REG-001", "REG-002", "REG-002b", "REG-004", "REG-005", "REG-006", "REG-006b", "UAC-014"),
})

-- The ways of messages.
mutant("TRP-004", "eight_kilobytes", {
  why = "large datagrams are lost",
  on_receive = function(msg) if #msg.raw > 8192 and msg.transport == "udp" then return false end end,
  also = also("it has a name as long as that", "UAS-016"),
})
mutant("TRP-004b", "eight_kilobytes_by_tcp", {
  why = "large messages of a stream are lost",
  on_receive = function(msg) if #msg.raw > 8192 and msg.transport == "tcp" then return false end end,
})
mutant("TRP-001", "no_tcp", {
  why = "what comes by TCP is not answered",
  on_receive = function(msg) if msg:is("OPTIONS") and msg.transport == "tcp" and #msg.raw < 2000 and not msg:header("Via"):find("alias", 1, true) then return false end end,
  also = also("it is by TCP, too", "TRP-N01", "TRP-004b", "TRP-013", "TRP-018", "TRP-022",
    "TRP-026b", "STN-004", "TRP-018b", "TRP-021b"),
})
mutant("TRP-N11", "alias_refused", {
  why = "an alias in Via is a 400",
  on_send = with(function(msg) return msg:is("200 OPTIONS") and msg:header("Via"):find(";alias", 1, true) ~= nil end,
    { status = 400, reason = "Bad Request" }),
  also = also("it has an alias, too", "TLS-024"),
})
mutant("TRP-017", "no_length_no_body", {
  why = "without Content-Length there is no body",
  on_receive = function(msg)
    if msg:is("INVITE") and not msg:header("Content-Length") then return msg:with { body = "", headers = { ["Content-Type"] = false } } end
  end,
})
mutant("TRP-N05", "always_udp", {
  why = "the Via says UDP, whatever it goes by",
  on_send = function(msg)
    if msg:is("INVITE") and msg.uri.host == "host.example.com" and msg:header("Via"):find("TCP", 1, true) then
      return msg:with { headers = { Via = (msg:header("Via"):gsub("TCP", "UDP")) } }
    end
  end,
})
mutant("TRP-029b", "another_call", {
  why = "the second try has the Call-ID of another",
  on_send = (function()
    local seen = {}
    return function(msg)
      if not msg:is("INVITE") or msg.uri.host ~= "example.com" then return end
      local branch = msg.via[1].branch
      seen.first = seen.first or branch
      if seen.first ~= branch then return msg:with { headers = { ["Call-ID"] = msg.call_id .. "x" } } end
    end
  end)(),
  also = also("it waits for the second try", "TRP-N04"),
})
mutant("TRP-016b", "half_is_whole", {
  why = "half a 200 is a 200",
  on_receive = function(msg)
    if msg:is("200 INVITE") and msg.body ~= "" and tonumber(msg:header("Content-Length")) > #msg.body then
      return msg:with { headers = { ["Content-Length"] = tostring(#msg.body) } }
    end
  end,
})
