-- The torture messages of RFC 4475 and RFC 5118 over TCP: as they are, with another message right behind, and cut
-- short at every sixteenth byte. Many have no right Content-Length, so that nobody can tell where they end;
-- whatever becomes of their connection, others are served as ever.
local names = {}
for name in ([[
  rfc4475/wsinv rfc4475/intmeth rfc4475/esc01 rfc4475/escnull rfc4475/esc02 rfc4475/lwsdisp rfc4475/longreq
  rfc4475/dblreq rfc4475/semiuri rfc4475/transports rfc4475/mpart01 rfc4475/unreason rfc4475/noreason
  rfc4475/badinv01 rfc4475/clerr rfc4475/ncl rfc4475/scalar02 rfc4475/scalarlg rfc4475/quotbal rfc4475/ltgtruri
  rfc4475/lwsruri rfc4475/lwsstart rfc4475/trws rfc4475/escruri rfc4475/baddate rfc4475/regbadct rfc4475/badaspec
  rfc4475/baddn rfc4475/badvers rfc4475/mismatch01 rfc4475/mismatch02 rfc4475/bigcode rfc4475/badbranch
  rfc4475/insuf rfc4475/unkscm rfc4475/novelsc rfc4475/unksm2 rfc4475/bext01 rfc4475/invut rfc4475/regaut01
  rfc4475/multi01 rfc4475/mcl01 rfc4475/bcast rfc4475/zeromf rfc4475/cparam01 rfc4475/cparam02 rfc4475/regescrt
  rfc4475/sdp01 rfc4475/inv2543 rfc5118/ipv6-good rfc5118/ipv6-bad rfc5118/mult-ip-in-sdp rfc5118/ipv6-in-sdp
]]):gmatch("%S+") do names[#names + 1] = name end

local options = { tags = { "torture" }, allow = { "w->>bob: *", "bob->>w: *" } }

for _, name in ipairs(names) do
  scenario(name .. " over TCP", options, function(t)
    local bob, carol = t:agents("bob", "carol", { transport = "tcp" })
    local w = t:wire("w", { transport = "tcp" })
    local bytes = file("_torture/" .. name .. ".dat")
    w:ignore("*")
    bob:auto { reject = 486 }
    w:connect(bob):write(bytes)
    w:connect(bob):write(bytes .. bytes)
    for i = 1, #bytes, 16 do
      local connection = w:connect(bob)
      connection:write(bytes:sub(1, i))
      if i % 32 == 1 then connection:close() end
    end
    t:sleep("1s")
    carol:options(bob):response(200)
  end)
end
