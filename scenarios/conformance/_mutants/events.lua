-- Devices that break one rule of events: RFC 6665.

local state = {}                        -- of one scenario

local function with(pattern, change)
  return function(msg) if msg:is(pattern) then return msg:with(change) end end
end
local function without(pattern) return function(msg) if msg:is(pattern) then return false end end end
local function also(why, ...)
  local rows = {}
  for _, row in ipairs { ... } do rows[row] = why end
  return rows
end
local seen = "the monitor sees it there, too"
local waits = "it waits for that message, too"
local notifier = { "EVT-002", "EVT-002b", "EVT-003", "EVT-004", "EVT-004b", "EVT-N03", "EVT-005", "EVT-005b", "EVT-006",
  "EVT-006b", "EVT-007", "EVT-007b", "EVT-007c", "EVT-015", "EVT-015b" }

-- What a NOTIFY says of the subscription.
local function says(msg)
  if msg:is("NOTIFY") and not (msg:header("Event") or ""):match("^refer") then return msg:header("Subscription-State") end
end
local function over(msg) return (says(msg) or ""):match("^terminated") ~= nil end
local function replaced(header, change)
  return function(msg)
    local value = says(msg)
    local other = value and change(value, msg)
    if other then return msg:with { headers = { [header] = other } } end
  end
end

mutant("EVT-001", "takes_all_packages", {
  why = "an unknown package is a request that is forbidden",
  on_receive = function(msg) if msg:is("SUBSCRIBE[Event = x-none]") then state.strange = true end end,
  on_send = function(msg) if state.strange and msg:is("489 SUBSCRIBE") then return msg:with { status = 403 } end end,
})

mutant("EVT-N01", "no_package_is_bad_syntax", {
  why = "a SUBSCRIBE without Event is a 400",
  on_receive = function(msg) if msg:is("SUBSCRIBE[!Event]") then state.bare = true end end,
  on_send = function(msg) if state.bare and msg:is("489 SUBSCRIBE") then return msg:with { status = 400 } end end,
})

mutant("EVT-002", "no_expires", {
  why = "it does not say how long the subscription lasts",
  on_send = with("2xx SUBSCRIBE", { headers = { Expires = false } }),
  also = also(seen, "REF-N02", table.unpack(notifier)),
})

mutant("EVT-002b", "never_shorter_than_a_day", {
  why = "it grants more than was asked for",
  on_send = function(msg)
    if msg:is("2xx SUBSCRIBE") and msg:header("Expires") ~= "0" then
      return msg:with { headers = { Expires = "86400" } }
    end
  end,
  also = also(seen, table.unpack(notifier)),
})

mutant("EVT-003", "nothing_after_a_refresh", {
  why = "who refreshes is not told the state again",
  on_receive = function(msg) if msg:is("SUBSCRIBE") and msg.to.tag then state.refreshed = true end end,
  on_send = function(msg) if state.refreshed and msg:is("NOTIFY") then return false end end,
  also = also(waits, "EVT-002", "EVT-006", "REF-N02"),
})

mutant("EVT-004", "no_state", {
  why = "a NOTIFY does not say what the subscription is",
  on_send = function(msg) if says(msg) then return msg:with { headers = { ["Subscription-State"] = false } } end end,
  also = also(seen, table.unpack(notifier)),
})

mutant("EVT-004b", "never_less", {
  why = "the time that is left is always that which was granted",
  on_receive = function(msg) if msg:is("SUBSCRIBE[Expires]") then state.granted = msg:header("Expires") end end,
  on_send = replaced("Subscription-State", function(value)
    if state.granted and value:match("expires=") then return (value:gsub("expires=%d+", "expires=" .. state.granted)) end
  end),
})

local ends = { 404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604 }
for _, status in ipairs(ends) do
  mutant("EVT-005", "goes_on_after_" .. status, {
    why = "a NOTIFY that was answered " .. status .. " does not end the subscription",
    on_receive = with(status .. " NOTIFY", { status = 200, reason = "OK" }),
  })
end

mutant("EVT-006", "ends_without_a_reason", {
  why = "the last NOTIFY does not say that the time was over",
  on_send = replaced("Subscription-State", function(value)
    if value:match("timeout") then return "terminated" end
  end),
  also = also("it ends by itself, and says as little", "EVT-006b"),
})

mutant("EVT-006b", "ends_in_silence", {
  why = "when the time is over nobody is told",
  on_receive = function(msg) if msg:is("SUBSCRIBE[Expires = 0]") then state.asked = true end end,
  on_send = function(msg) if over(msg) and not state.asked and not state.brief then return false end end,
})

mutant("EVT-007", "a_minute_at_least", {
  why = "a second is made a minute",
  on_receive = function(msg) if msg:is("SUBSCRIBE[Expires = 1]") then return msg:with { headers = { Expires = "60" } } end end,
  also = also(seen, "EVT-007b"),
})

mutant("EVT-007b", "refreshed_for_a_minute", {
  why = "a refresh for a second is one for a minute",
  on_receive = function(msg)
    if msg:is("SUBSCRIBE[Expires = 1]") and msg.to.tag then return msg:with { headers = { Expires = "60" } } end
  end,
  also = also(seen, "EVT-007"),
})

mutant("EVT-007c", "an_hour_is_brief", {
  why = "an hour is too brief for it",
  on_receive = function(msg) if msg:is("SUBSCRIBE[Expires = 3600]") and not msg.to.tag then state.brief = true end end,
  on_send = function(msg)
    if state.brief and msg:is("NOTIFY") then return false end
    if state.brief and msg:is("200 SUBSCRIBE") then
      return msg:with { status = 423, headers = { ["Min-Expires"] = "7200", Expires = false } }
    end
  end,
  also = also("it asks for an hour, too", "EVT-002", "EVT-002b", "EVT-003", "EVT-004", "EVT-004b", "EVT-N03"),
})

mutant("EVT-N02", "tells_what_is_not_understood", {
  why = "it tells in a type that the other one has not named",
  on_receive = with("SUBSCRIBE[Accept = application/x-none]", { headers = { Accept = false } }),
})

mutant("EVT-N03", "answers_202", {
  why = "it accepts with 202",
  on_send = with("200 SUBSCRIBE", { status = 202, reason = "Accepted" }),
  also = also(seen, "REF-N02", table.unpack(notifier)),
})

mutant("EVT-015", "hides_them", {
  why = "it does not say what can be watched",
  on_send = with("200 OPTIONS", { headers = { ["Allow-Events"] = false } }),
})

mutant("EVT-015b", "boasts", {
  why = "it names a package that it does not have",
  on_send = with("200 OPTIONS", { headers = { ["Allow-Events"] = "presence, message-summary, dialog" } }),
})

mutant("EVT-008", "believes_anybody", {
  why = "it takes a NOTIFY that nobody asked for",
  on_send = with("481 NOTIFY", { status = 200, reason = "OK" }),
  also = also("it takes every NOTIFY", "EVT-010", "EVT-010b", "EVT-N06"),
})

mutant("EVT-009", "not_before_the_200", {
  why = "a NOTIFY that overtakes the 200 is of nothing that it knows",
  on_receive = function(msg) if msg:is("2xx SUBSCRIBE") then state.accepted = true end end,
  on_send = function(msg)
    if msg:is("SUBSCRIBE") then state.asked = true end
    if msg:is("200 NOTIFY") and state.asked and not state.accepted then return msg:with { status = 481 } end
  end,
})

mutant("EVT-010", "forgets_nothing", {
  why = "a subscription that nobody has answered is there for ever",
  on_send = with("481 NOTIFY", { status = 200, reason = "OK" }),
  also = also("it takes every NOTIFY", "EVT-008", "EVT-010b", "EVT-N06"),
})

mutant("EVT-010b", "waits_for_ever", {
  why = "after 64*T1 of silence it goes on waiting",
  on_send = with("481 NOTIFY", { status = 200, reason = "OK" }),
  also = also("it takes every NOTIFY", "EVT-008", "EVT-N06"),
})

mutant("EVT-011", "bad_fork", {
  why = "another notifier of the same SUBSCRIBE makes it fail",
  on_receive = function(msg) if msg:is("NOTIFY") and msg.from.tag == "b" then state.fork = true end end,
  on_send = function(msg) if state.fork and msg:is("200 NOTIFY") then return msg:with { status = 500 } end end,
})

mutant("EVT-012", "two_events", {
  why = "it subscribes to two packages with one SUBSCRIBE",
  on_send = function(msg)
    if msg:is("SUBSCRIBE") and msg.to.tag then return msg:with { headers = { Event = { "presence", "dialog" } } } end
  end,
  also = also(seen, "EVT-N04", "EVT-N06", "EVT-N08"),
})

mutant("EVT-013", "gives_up", {
  why = "what was deactivated it leaves alone",
  on_receive = function(msg)
    if says(msg) and says(msg):match("deactivated") then
      return msg:with { headers = { ["Subscription-State"] = "terminated;reason=noresource" } }
    end
  end,
})

for name, reason in pairs { rejected = "rejected", gone = "noresource", invariant = "invariant" } do
  mutant("EVT-013b", "asks_again_" .. name, {
    why = "it asks again for what was ended for good: " .. reason,
    on_receive = function(msg)
      if says(msg) and says(msg):match(reason) then
        return msg:with { headers = { ["Subscription-State"] = "terminated;reason=deactivated" } }
      end
    end,
  })
end

for _, reason in ipairs { "probation", "giveup" } do
  mutant("EVT-013c", "no_patience_" .. reason, {
    why = "it asks again before it may: " .. reason,
    on_receive = function(msg)
      if says(msg) and says(msg):match(reason) then
        return msg:with { headers = { ["Subscription-State"] = "terminated;reason=deactivated" } }
      end
    end,
  })
end

mutant("EVT-014", "dies_of_it", {
  why = "a NOTIFY without a state ends all",
  on_receive = function(msg) if msg:is("NOTIFY[!Subscription-State]") then state.dead = true end end,
  on_send = function(msg) if state.dead and msg:is("2xx|4xx NOTIFY") then return false end end,
})

mutant("EVT-N04", "waits_for_200", {
  why = "a 202 makes no subscription",
  on_receive = function(msg) if msg:is("202 SUBSCRIBE") then state.only = true end end,
  on_send = function(msg) if state.only and msg:is("200 NOTIFY") then return msg:with { status = 481 } end end,
})

mutant("EVT-N05", "any_event_will_do", {
  why = "it takes a NOTIFY of a package that it has not asked for",
  on_send = with("489 NOTIFY", { status = 200, reason = "OK" }),
})

mutant("EVT-N06", "does_not_hear_the_end", {
  why = "a refresh that is answered 481 changes nothing",
  on_receive = function(msg)
    if msg:is("481 SUBSCRIBE") and msg.to.tag then return msg:with { status = 200, headers = { Expires = "60" } } end
  end,
})

mutant("EVT-N08", "way_of_the_200", {
  why = "it goes by the Record-Route of the 200",
  on_send = function(msg)
    local route = msg:is("SUBSCRIBE[Route]") and msg:header("Route")
    if route then return msg:with { headers = { Route = (route:gsub("sip:b@", "sip:a@")) } } end
  end,
})
