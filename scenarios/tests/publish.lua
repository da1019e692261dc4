-- Event state that an agent publishes: RFC 3903, where the example does not go.
local manual = { manual = { "PUBLISH" } }

local function published(t, opts)
  local alice, bob = t:agent("alice"), t:agent("bob", manual)
  local pub = alice:publish(bob, "presence", "open", opts or {})
  bob:expect_publish("presence"):accept { etag = "one" }
  pub:wait("active")
  return pub, bob
end

group("publish", function()
  scenario("RFC 3903 §4: one at a time, unless by force; then the latest one says what is", function(t)
    local pub, bob = published(t)
    pub:modify("closed")
    local first = bob:expect_publish()
    expect(function() pub:terminate() end):raises("forbids")
    pub:terminate { force = true }
    local last = bob:expect_publish()
    first:accept { etag = "two" }
    t:sleep("100ms")
    expect(pub.state):equals("active")
    expect(pub.etag):equals("two")
    last:accept { expires = 0 }
    pub:wait("terminated")
    expect(pub.ended):equals("removed")
  end)

  scenario("RFC 3903 §5: with a 412 it is lost, and nothing more is said of it", { net = "sim" }, function(t)
    local pub, bob = published(t, { expires = "2m" })
    pub:refresh()
    bob:expect_publish():respond(412)
    pub:wait("terminated")
    expect(pub.ended):equals("lost")
    expect(function() pub:refresh() end):raises("has ended")
    bob:expect_none("PUBLISH", "5m")
  end)

  scenario("RFC 3903 §4.1: a refresh has the entity-tag and no body, and the next one another tag", { net = "sim" }, function(t)
    local pub, bob = published(t, { expires = "2m" })
    for i, tag in ipairs { "one", "two", "three" } do
      local tx = bob:expect_publish { within = "2m" }
      expect(tx.request:header("SIP-If-Match")):equals(tag)
      expect(#tx.request.body):equals(0)
      tx:accept { etag = ({ "two", "three", "four" })[i] }
    end
    t:sleep("100ms")
    expect(pub.etag):equals("four")
    pub:terminate()
    bob:expect_publish():accept { expires = 0 }
    pub:wait("terminated")
  end)
end)
