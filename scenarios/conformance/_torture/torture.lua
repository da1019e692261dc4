-- The torture messages of RFC 4475 and RFC 5118, each from a wire to an agent that is no registrar: what
-- it answers at once, or that it is silent, or ("ask", "MESSAGE") that it leaves the answer to its user; and after
-- each an OPTIONS of somebody else is answered as ever. What each deserves is in the RFCs' own texts; where
-- they leave a choice, this is ours.
local treatments = {
  ["rfc4475/wsinv"]      = 481, -- its To has a tag: in a dialog that is not there
  ["rfc4475/intmeth"]    = 501,
  ["rfc4475/esc01"]      = "ask",
  ["rfc4475/escnull"]    = 405,
  ["rfc4475/esc02"]      = 501, -- RE%47IST%45R is not REGISTER
  ["rfc4475/lwsdisp"]    = 200,
  ["rfc4475/longreq"]    = "ask",
  ["rfc4475/dblreq"]     = 405, -- and what stands behind it in the datagram is nothing
  ["rfc4475/semiuri"]    = 200,
  ["rfc4475/transports"] = 200,
  ["rfc4475/mpart01"]    = "MESSAGE",
  ["rfc4475/unreason"]   = "silence", -- responses to nothing that bob has sent
  ["rfc4475/noreason"]   = "silence",
  ["rfc4475/badinv01"]   = 400,
  ["rfc4475/clerr"]      = 400,
  ["rfc4475/ncl"]        = 400,
  ["rfc4475/scalar02"]   = 400,
  ["rfc4475/scalarlg"]   = "silence",
  ["rfc4475/quotbal"]    = 400,
  ["rfc4475/ltgtruri"]   = 400,
  ["rfc4475/lwsruri"]    = 400,
  ["rfc4475/lwsstart"]   = 400,
  ["rfc4475/trws"]       = 400,
  ["rfc4475/escruri"]    = 400,
  ["rfc4475/baddate"]    = "ask",
  ["rfc4475/regbadct"]   = 400,
  ["rfc4475/badaspec"]   = 400,
  ["rfc4475/baddn"]      = 400,
  ["rfc4475/badvers"]    = 505,
  ["rfc4475/mismatch01"] = 400,
  ["rfc4475/mismatch02"] = 501,
  ["rfc4475/bigcode"]    = "silence",
  ["rfc4475/badbranch"]  = 200, -- by the rules of RFC 2543
  ["rfc4475/insuf"]      = 400,
  ["rfc4475/unkscm"]     = 416,
  ["rfc4475/novelsc"]    = 416,
  ["rfc4475/unksm2"]     = 405,
  ["rfc4475/bext01"]     = 420,
  ["rfc4475/invut"]      = 415,
  ["rfc4475/regaut01"]   = 405,
  ["rfc4475/multi01"]    = 400,
  ["rfc4475/mcl01"]      = 400,
  ["rfc4475/bcast"]      = "silence",
  ["rfc4475/zeromf"]     = 200,
  ["rfc4475/cparam01"]   = 405,
  ["rfc4475/cparam02"]   = 405,
  ["rfc4475/regescrt"]   = 405,
  ["rfc4475/sdp01"]      = 406,
  ["rfc4475/inv2543"]    = "ask",
  ["rfc5118/ipv6-good"]                     = 405,
  ["rfc5118/ipv6-bad"]                      = 400,
  ["rfc5118/port-ambiguous"]                = 405,
  ["rfc5118/port-unambiguous"]              = 405,
  ["rfc5118/via-received-param-with-delim"] = 481,
  ["rfc5118/via-received-param-no-delim"]   = 200,
  ["rfc5118/ipv6-in-sdp"]                   = 400, -- Content-Length 268 for a body of 251, in the RFC itself
  ["rfc5118/mult-ip-in-header"]             = 481,
  ["rfc5118/mult-ip-in-sdp"]                = "ask",
  ["rfc5118/ipv4-mapped-ipv6"]              = "ask",
  ["rfc5118/ipv6-bug-abnf-3-colons"]        = 200,
  ["rfc5118/ipv6-correct-abnf-2-colons"]    = 200,
}

local function answers(t)
  return t:messages("bob->>*: *")
end

for name, treatment in pairs(treatments) do
  scenario(name, { tags = { "torture" } }, function(t)
    local alice, bob, carol = t:wire("alice"), t:agent("bob"), t:agent("carol")
    alice:ignore("*")
    alice:send(bob, file("_torture/" .. name .. ".dat"))
    if treatment == "ask" then
      bob:expect_invite():reject(486)
    elseif treatment == "MESSAGE" then
      bob:expect_request("MESSAGE"):respond(200)
    elseif treatment == "silence" then
      t:sleep("1s")
      expect(#answers(t)):equals(0)
    else
      t:sleep("10ms")
      expect(answers(t)[1]):is(tostring(treatment))
    end
    carol:options(bob):response(200)
  end)
end

-- Whatever becomes of a message on its way, the agent lives and answers the next one.
local function survives(what, mutilate)
  for name in pairs(treatments) do
    scenario(name .. " " .. what, { tags = { "torture", "mutilated" }, allow = { "alice->>bob: *" } }, function(t)
      local alice, bob, carol = t:wire("alice"), t:agent("bob"), t:agent("carol")
      local bytes = file("_torture/" .. name .. ".dat")
      alice:ignore("*")
      bob:auto { reject = 486 }
      for i = 1, #bytes do
        alice:send(bob, mutilate(bytes, i))
        if i % 100 == 0 then t:sleep("1ms") end
      end
      t:sleep("40s")
      carol:options(bob):response(200)
    end)
  end
end

survives("cut at every byte", function(bytes, i) return bytes:sub(1, i - 1) end)
survives("with one byte changed", function(bytes, i)
  return bytes:sub(1, i - 1) .. string.char(math.random(0, 255)) .. bytes:sub(i + 1)
end)
