-- The suite's configuration: which devices there are to be tested.
--   sipwright run                    everything simulated; no device is needed
--   sipwright run --target device    against the device below
---@type sipwright.config_opts
local config = {
  targets = {
    device = {
      uri = "sip:100@127.0.0.1:5070",
      roles = { "uas" },                      -- uas uac registrar proxy redirect
      supports = { "udp" },                   -- udp tcp tls ws wss, and option tags: 100rel, timer ...
      auto_answer = true,                     -- it answers calls by itself
      -- bind = { "192.0.2.10" },             -- where our side listens
      -- accounts = { ["1001"] = { user = "1001", password = secret("DEVICE") } },
      -- actions = { answer = "Answer the call." },   -- asked of the person at the terminal
    },
  },
}
return config
