-- A phone's lamp (RFC 3842): the mailbox says how many messages wait. Nobody asks for the first NOTIFY: it
-- comes with the subscription (RFC 6665 §4.2.1.2).

local summary = "Messages-Waiting: %s\r\nVoice-Message: %d/8\r\n"

scenario("the lamp of a phone goes on", function(t)
  local phone   = t:agent("phone")
  local mailbox = t:agent("mailbox", { events = { "message-summary" } })

  local lamp  = phone:subscribe(mailbox, "message-summary", { expires = "1h" })
  local owner = mailbox:expect_subscribe("message-summary")
  owner:accept()
  owner:notify(summary:format("no", 0))
  local first = lamp:expect_notify()
  expect(first:header("Content-Type")):equals("application/simple-message-summary")
  expect(first.body):matches("Messages-Waiting: no")

  owner:notify(summary:format("yes", 1))             -- somebody has left a message
  expect(lamp:expect_notify().body):matches("Voice-Message: 1/8")

  local other = phone:subscribe(mailbox, "presence") -- it is no notifier of that
  expect(other:response(489):header("Allow-Events")):equals("message-summary")
end)
