s/auth => .*/auth => [ "dut", "wrong" ],/
