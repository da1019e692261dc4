s/passwd=dut/passwd=wrong/
