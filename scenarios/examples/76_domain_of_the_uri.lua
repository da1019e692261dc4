-- RFC 5922 §7.3: whom a server has to be is the domain of the URI, never a name that the DNS put in its
-- place. Whoever owns the DNS could send us anywhere else.

local function call_example_com(t, cert)
  local alice = t:agent("alice", { transport = "tls" })
  local edge  = t:agent("edge", { transport = "tls", tls = { cert = cert } })
  t.net:dns {
    ["_sips._tcp.example.com"] = { srv = { { 10, 1, edge, "edge.provider.example" } } },
    ["edge.provider.example"]  = { a = edge },
  }
  return alice:options("sips:bob@example.com")
end

scenario("the certificate is for the domain of the URI", function(t)
  call_example_com(t, sip.certificate { san = "sip:example.com" }):response(200)
end)

scenario("the certificate is for the SRV target", function(t)
  call_example_com(t, sip.certificate { san = "sip:edge.provider.example" }):response("unreachable")
  expect(#t:messages("alice->>edge: *")):equals(0)
end)
