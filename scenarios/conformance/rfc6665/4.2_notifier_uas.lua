-- RFC 6665 §4.2: how a device tells those who watch it.

-- What a NOTIFY says: the state, the seconds that are left, all of it.
local function said(notify)
  local value = notify:header("Subscription-State") or ""
  return value:match("^%a+"), tonumber(value:match("expires *= *(%d+)")), value
end

-- A wire asks by hand: the answer.
local function asks(t, w, fields)
  local draft = { method = "SUBSCRIBE", uri = t.dut.uri, contact = "<" .. w.uri .. ">" }
  for name, value in pairs(fields) do draft[name] = value end
  w:ignore("NOTIFY")
  local subscribe = w:send(t.dut, sip.request(draft))
  return w:expect("2xx|3xx|4xx|5xx|6xx SUBSCRIBE"), subscribe
end

for _, package in ipairs { "presence", "message-summary" } do
  local function watches(t, opts)
    opts.refresh = false
    return t:agent("alice"):subscribe(t.dut, package, opts)
  end

  group(package, { needs = { "uas", "event:" .. package }, tags = { "uas" } }, function()
    scenario("who asks is granted no more than that, and told the state at once",
      { covers = { "EVT-002", "EVT-002b", "EVT-003", "EVT-004", "EVT-004b", "EVT-N03" } }, function(t)
        local watch = watches(t, { expires = 3600 })
        for _, wanted in ipairs { 3600, 60 } do
          local ok = (wanted == 3600 and watch or watch:refresh { expires = wanted }):response("2xx")
          local granted = tonumber(ok:header("Expires"))
          expect(ok.status):equals(200)
          expect(granted):between(1, wanted)
          local state, left = said(watch:expect("NOTIFY", { within = "5s" }))
          expect(state):one_of { "active", "pending" }
          expect(left):between(0, granted)
          t:sleep("3s")
        end
      end)

    scenario("who does not say how long is told how long", { covers = { "EVT-002" } }, function(t)
      local w = t:wire("w")
      expect(tonumber(asks(t, w, { headers = { Event = package } }):header("Expires"))):at_least(1)
    end)

    scenario("the time that is left grows shorter", { covers = { "EVT-004b" }, needs = { "trigger:change" } }, function(t)
      local watch = watches(t, { expires = 600 })
      local _, first = said(watch:expect("NOTIFY"))
      t:sleep("5s")
      t.dut:trigger("change")
      local _, later = said(watch:expect("NOTIFY"))
      expect(later):between(0, first - 4)
    end)

    scenario("who asks for no time at all is told once, and that it was that", { covers = { "EVT-003", "EVT-006" } },
      function(t)
        local watch = watches(t, { expires = 0 })
        expect(watch:response("2xx"):header("Expires")):equals("0")
        expect(watch:expect("NOTIFY", { within = "5s" }):header("Subscription-State")):matches("^terminated *;.*reason=timeout")
      end)

    scenario("who wants to hear no more is told so", { covers = { "EVT-003", "EVT-006" } }, function(t)
      local watch = watches(t, { expires = 600 })
      watch:expect("NOTIFY")
      expect(watch:terminate():response("2xx"):header("Expires")):equals("0")
      expect(watch:expect("NOTIFY", { within = "5s" }):header("Subscription-State")):matches("^terminated *;.*reason=timeout")
    end)

    scenario("a subscription that is not refreshed is over", { covers = { "EVT-006b" }, tags = { "long" },
      needs = { "trigger:change" } }, function(t)
        local watch = watches(t, { expires = 60 })
        local expires = watch:response("2xx"):header("Expires")
        expect(expires, "Expires of the 2xx"):matches("^[0-9]+$")
        local granted = tonumber(expires)
        watch:expect("NOTIFY")
        local last = watch:expect("NOTIFY", { within = granted + 10 })
        expect(last:header("Subscription-State")):matches("^terminated *;.*reason=timeout")
        t.dut:trigger("change")
        t:sleep("2s")
        expect(#t:messages("dut->>alice: NOTIFY")):equals(2)
      end)

    for _, status in ipairs { 404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604 } do
      scenario("who answers " .. status .. " hears no more", { covers = { "EVT-005" }, needs = { "trigger:change" } },
        function(t)
          local w = t:wire("w")
          w:send(t.dut, sip.request { method = "SUBSCRIBE", uri = t.dut.uri, contact = "<" .. w.uri .. ">",
            headers = { Event = package, Expires = "600" } })
          w:expect_all { "2xx SUBSCRIBE", "NOTIFY" }
          w:reply(t:messages("dut->>w: NOTIFY")[1], status)
          t:sleep("200ms")
          t.dut:trigger("change")
          w:expect_none("NOTIFY", "3s")
        end)
    end

    scenario("who answers nothing hears no more", { covers = { "EVT-005b" }, needs = { "trigger:change" },
      tags = { "long" } }, function(t)
        local w = t:wire("w")
        asks(t, w, { headers = { Event = package, Expires = "600" } })
        t:sleep("36s")
        local before = #t:messages("dut->>w: NOTIFY")
        expect(before):at_least(1)
        t.dut:trigger("change")
        t:sleep("3s")
        expect(#t:messages("dut->>w: NOTIFY")):equals(before)
      end)

    scenario("a second is granted as a second, or refused as too brief", { covers = { "EVT-007", "EVT-007b" } },
      function(t)
        local w = t:wire("w")
        local function brief(answer)
          expect(answer):is("2xx|423")
          if answer.status == 423 then expect(tonumber(answer:header("Min-Expires"))):at_least(2)
          else expect(tonumber(answer:header("Expires"))):between(0, 1) end
        end
        brief(asks(t, w, { headers = { Event = package, Expires = "1" } }))
        local ok, subscribe = asks(t, w, { headers = { Event = package, Expires = "600" } })
        w:send(t.dut, sip.dialog(subscribe, ok):request("SUBSCRIBE", { contact = "<" .. w.uri .. ">",
          headers = { Event = package, Expires = "1" } }))
        brief(w:expect("2xx|3xx|4xx|5xx|6xx SUBSCRIBE"))
      end)

    for _, expires in ipairs { "0", "3600", "7200" } do
      scenario(expires .. " seconds are not too brief", { covers = { "EVT-007c" } }, function(t)
        expect(asks(t, t:wire("w"), { headers = { Event = package, Expires = expires } }).status):never():equals(423)
      end)
    end

    scenario("who understands nothing that there is to tell is refused", { covers = { "EVT-N02" } }, function(t)
      local answer = asks(t, t:wire("w"), { headers = { Event = package, Expires = "600", Accept = "application/x-none" } })
      expect(answer.status):equals(406)
    end)

    scenario("its packages stand in Allow-Events, and each is one", { covers = { "EVT-015", "EVT-015b" } }, function(t)
      local alice, w = t:agent("alice"), t:wire("w")
      local listed = alice:options(t.dut):response(200):header("Allow-Events")
      expect.soft(listed, "Allow-Events"):exists()
      if listed == nil then return end
      expect(listed):contains(package)
      for name in listed:gmatch("[^, ]+") do
        local answer = asks(t, w, { headers = { Event = name, Expires = "600" } })
        expect(answer.status, name):never():equals(489)
      end
    end)
  end)
end

group("notifier", { needs = { "uas" }, tags = { "uas" } }, function()
  for name, event in pairs { ["a package that nobody knows"] = "x-none", ["no package"] = false } do
    scenario("to subscribe to " .. name .. " is a 489", { covers = { event and "EVT-001" or "EVT-N01" } }, function(t)
      local allow = t:agent("alice"):options(t.dut):response(200):header("Allow") or ""
      if not allow:find("SUBSCRIBE", 1, true) then t:skip("its Allow has no SUBSCRIBE") end
      expect(asks(t, t:wire("w"), { headers = { Event = event, Expires = "600" } }).status):equals(489)
    end)
  end
end)
