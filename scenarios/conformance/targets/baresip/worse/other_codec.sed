s/^module g711.so$/module g722.so/
