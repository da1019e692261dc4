-- Who shows a certificate that does not hold is told so by an alert, and gets not one byte of SIP: the
-- call fails as if nobody were there.

local flaws = {
  ["has expired"]              = { expired = true },
  ["is not valid yet"]         = { not_yet = true },
  ["is for somebody else"]     = { san = "sip:example.org" },
  ["is signed by nobody"]      = { self_signed = true },
  ["was revoked"]              = { revoked = true },
  ["is for mail, not for SIP"] = { eku = "email" },
}

for what, flaw in pairs(flaws) do
  scenario("bob's certificate " .. what, function(t)
    local alice = t:agent("alice", { transport = "tls" })
    local bob   = t:agent("bob", { transport = "tls", tls = { cert = flaw } })

    local call = alice:invite(bob)
    call:expect("unreachable")
    call:wait("terminated")
    expect(call.ended):equals("unreachable")
    expect(#t:messages("alice->>bob: *")):equals(0)
  end)
end
