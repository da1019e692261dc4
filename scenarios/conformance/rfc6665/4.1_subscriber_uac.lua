-- RFC 6665 §4.1: how a device watches somebody.
local device = require("_device")

-- The device watches a wire: its SUBSCRIBE.
local function subscribes(t, w)
  t.dut:trigger("subscribe", w)
  return w:expect("SUBSCRIBE")
end

-- The dialog as the notifier has it; opts of the NOTIFYs that are sent in it.
local function notifier(t, w, subscribe, tag)
  local event = subscribe:header("Event")
  local seq = 0
  return function(state, fields)
    seq = seq + 1
    local draft = { method = "NOTIFY", uri = tostring(subscribe.contact[1].uri), call_id = subscribe.call_id,
      from = "<" .. tostring(subscribe.to.uri) .. ">;tag=" .. (tag or "w"), to = subscribe:header("From"),
      cseq = seq .. " NOTIFY", contact = "<" .. w.uri .. ">",
        headers = { Event = event, ["Subscription-State"] = state } }
    for name, value in pairs(fields or {}) do
      if name == "headers" then for header, text in pairs(value) do draft.headers[header] = text end
      else draft[name] = value end
    end
    w:send(t.dut, sip.request(draft))
    return w:expect("2xx|3xx|4xx|5xx|6xx NOTIFY", { skip = true })
  end
end

local function accepts(w, subscribe, expires, opts)
  opts = opts or {}
  local headers = { Expires = expires }
  for name, value in pairs(opts.headers or {}) do headers[name] = value end
  return w:reply(subscribe, opts.status or 200,
    { to_tag = opts.to_tag or "w", contact = "<" .. w.uri .. ">", headers = headers })
end

group("subscriber", { needs = { "uac", "trigger:subscribe" }, tags = { "uac" } }, function()
  scenario("a SUBSCRIBE has one event, and so has its refresh", { covers = { "EVT-012" }, tags = { "long" } }, function(t)
    local w = t:wire("w")
    local first = subscribes(t, w)
    expect(#first:headers("Event")):equals(1)
    expect(first:header("Event")):never():contains(",")
    accepts(w, first, "60")
    notifier(t, w, first)("active;expires=60")
    local again = w:expect("SUBSCRIBE", { within = "61s" })
    expect(#again:headers("Event")):equals(1)
    expect(again:header("Event")):equals(first:header("Event"))
    w:reply(again, 481)
  end)

  scenario("who tells before he has said yes is heard", { covers = { "EVT-009" } }, function(t)
    local w = t:wire("w")
    local subscribe = subscribes(t, w)
    local notify = notifier(t, w, subscribe)
    expect(notify("active;expires=600").status):equals(200)
    accepts(w, subscribe, "600")
    expect(notify("active;expires=599").status):equals(200)
  end)

  scenario("a 202 is as good as a 200", { covers = { "EVT-N04" }, tags = { "long" } }, function(t)
    local w = t:wire("w")
    local subscribe = subscribes(t, w)
    local notify = notifier(t, w, subscribe)
    accepts(w, subscribe, "60", { status = 202 })
    expect(notify("active;expires=60").status):equals(200)
    w:reply(w:expect("SUBSCRIBE", { within = "61s" }), 481)
  end)

  scenario("who is silent for 64*T1 is not watched any more", { covers = { "EVT-010", "EVT-010b" }, tags = { "long" } },
    function(t)
      local w = t:wire("w")
      local subscribe = subscribes(t, w)
      accepts(w, subscribe, "600")
      t:sleep("36s")
      w:ignore("SUBSCRIBE")
      expect(notifier(t, w, subscribe)("active;expires=500").status):equals(481)
    end)

  scenario("two notifiers of one SUBSCRIBE are both told something, by the package's rule", { covers = { "EVT-011" } },
    function(t)
      local w = t:wire("w")
      local subscribe = subscribes(t, w)
      accepts(w, subscribe, "600", { to_tag = "a" })
      expect(notifier(t, w, subscribe, "b")("active;expires=600").status):equals(200)
      expect(notifier(t, w, subscribe, "a")("active;expires=600").status):one_of { 200, 481 }
    end)

  scenario("what was deactivated is asked for anew, at once", { covers = { "EVT-013" } }, function(t)
    local w = t:wire("w")
    local subscribe = subscribes(t, w)
    accepts(w, subscribe, "600")
    local notify = notifier(t, w, subscribe)
    notify("active;expires=600")
    expect(notify("terminated;reason=deactivated;retry-after=100").status):equals(200)
    local anew = w:expect("SUBSCRIBE", { within = "5s" })
    expect(anew.to.tag):is_nil()
    expect(anew.call_id):never():equals(subscribe.call_id)
    w:reply(anew, 403)
  end)

  for _, reason in ipairs { "rejected", "noresource", "invariant;retry-after=1" } do
    scenario("what was ended for good is not asked for again: " .. reason, { covers = { "EVT-013b" } }, function(t)
      local w = t:wire("w")
      local subscribe = subscribes(t, w)
      accepts(w, subscribe, "600")
      local notify = notifier(t, w, subscribe)
      notify("active;expires=600")
      expect(notify("terminated;reason=" .. reason).status):equals(200)
      w:expect_none("SUBSCRIBE", "5s")
    end)
  end

  for _, reason in ipairs { "probation", "giveup" } do
    scenario("whoever is to wait does so: " .. reason, { covers = { "EVT-013c" } }, function(t)
      local w = t:wire("w")
      local subscribe = subscribes(t, w)
      accepts(w, subscribe, "600")
      local notify = notifier(t, w, subscribe)
      notify("active;expires=600")
      notify("terminated;retry-after=10;reason=" .. reason)
      w:expect_none("SUBSCRIBE", "9.5s")
    end)
  end

  scenario("a NOTIFY without a state does no harm", { covers = { "EVT-014" } }, function(t)
    local w = t:wire("w")
    local subscribe = subscribes(t, w)
    accepts(w, subscribe, "600")
    local notify = notifier(t, w, subscribe)
    expect(notify(false)):is("2xx|4xx")
    if w.transport ~= "udp" then w:close() end               -- who thinks it malformed closes it, too
    expect(notify("active;expires=600").status):equals(200)
  end)

  scenario("what it does not watch is not known to it", { covers = { "EVT-N05" } }, function(t)
    local w = t:wire("w")
    local subscribe = subscribes(t, w)
    accepts(w, subscribe, "600")
    local notify = notifier(t, w, subscribe)
    notify("active;expires=600")
    expect(notify("active;expires=600", { headers = { Event = "x-none" } }).status):one_of { 489, 481 }
  end)

  scenario("who does not know of it any more is not asked again", { covers = { "EVT-N06" }, tags = { "long" } },
    function(t)
      local w = t:wire("w")
      local subscribe = subscribes(t, w)
      accepts(w, subscribe, "60")
      local notify = notifier(t, w, subscribe)
      notify("active;expires=60")
      local again = w:expect("SUBSCRIBE", { within = "61s" })
      w:reply(again, 481)
      t:spawn(function()
        local anew = w:maybe("SUBSCRIBE", { within = "8s" })
        if anew == nil then return end
        expect(anew.to.tag):is_nil()
        expect(anew.call_id):never():equals(subscribe.call_id)
        expect(anew.from.tag):never():equals(subscribe.from.tag)
        w:reply(anew, 403)
      end)
      t:sleep("10s")
      t:all()
      expect(notify("active;expires=10").status):equals(481)
    end)

  scenario("the way to the notifier is the one that he says", { covers = { "EVT-N08" }, tags = { "long" } }, function(t)
    local w = t:wire("w")
    local subscribe = subscribes(t, w)
    accepts(w, subscribe, "60", { headers = { ["Record-Route"] = "<" .. device.at(w, "a") .. ";lr>" } })
    notifier(t, w, subscribe)("active;expires=60", { headers = { ["Record-Route"] = "<" .. device.at(w, "b") .. ";lr>" } })
    local again = w:expect("SUBSCRIBE", { within = "61s" })
    expect(#again.route):equals(1)
    expect(again.route[1].uri.user):equals("b")
    w:reply(again, 481)
  end)
end)

group("subscriber", { needs = { "uac" }, tags = { "uac" } }, function()
  scenario("what nobody asked for is a 481", { covers = { "EVT-008" } }, function(t)
    local w = t:wire("w")
    local allow = t:agent("alice"):options(t.dut):response(200):header("Allow") or ""
    if not allow:find("NOTIFY", 1, true) then t:skip("its Allow has no NOTIFY") end
    w:send(t.dut, sip.request { method = "NOTIFY", uri = t.dut.uri, contact = "<" .. w.uri .. ">",
      headers = { Event = "presence", ["Subscription-State"] = "active;expires=600" } })
    expect(w:expect("4xx|5xx NOTIFY")):exists()
  end)
end)
