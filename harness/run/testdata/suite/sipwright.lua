return {
  targets = {
    phone = { uri = "sip:100@127.0.0.1:5070", roles = { "uas" }, supports = { "udp", "100rel" },
              patience = "10s", tolerance = "20ms", bind = { "127.0.0.1", reg = "127.0.0.1:5080" } },
  },
}
