s/auth_pass=dut/auth_pass=wrong/
