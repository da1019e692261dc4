-- RFC 4475 §3.1.2: messages that are wrong. Where the text allows to be liberal, the device may be.
local torture = require("_torture")

group("uas", { needs = { "uas" }, tags = { "uas", "torture" } }, function()
  for _, case in ipairs {
    { "separators with nothing between them are a 400", "badinv01", "400" },
    { "a datagram that is shorter than it says is a 400", "clerr", "400", nil, { "udp" } },
    { "a negative length is an error", "ncl", "4xx|5xx" },
    { "a CSeq beyond 32 bits is an error", "scalar02", "400|405|501" }, -- no registrar may say so first
    { "a CSeq of another method is a 400", "mismatch01", "400", "MSG-016c" },
    { "a CSeq of another method than one that nobody knows is a 501, or a 400", "mismatch02", "400|405|501", "MSG-016c" },
    { "SIP/7.0 is a 505", "badvers", "505", "MSG-015b" },
    { "a Date that is not GMT is of no interest", "baddate", "180|183|200", "MSG-009" },
  } do
    local name, message, pattern, id, needs = table.unpack(case, 1, 5)
    scenario(name, { needs = needs or {}, covers = { "TOR-" .. message, id } }, function(t)
      torture.answers(t, "rfc4475/" .. message, pattern)
    end)
  end

  for _, case in ipairs {
    { "a quote that never ends", "quotbal" },
    { "<> around a Request-URI", "ltgtruri", "MSG-014b" },
    { "a blank in a Request-URI", "lwsruri", "MSG-014b" },
    { "two blanks in the first line", "lwsstart" },
    { "two blanks behind the first line", "trws" },
    { "a header in a Request-URI", "escruri" },
    { "a blank in <>", "badaspec" },
    { "a comma in a bare name", "baddn" },
  } do
    local name, message, id = table.unpack(case)
    scenario(name .. " is a 400, or passed over", { covers = { "TOR-" .. message, id } }, function(t)
      torture.answers(t, "rfc4475/" .. message, "180|183|200|400|481", { silent = true })
    end)
  end
end)
