s/;tag=sipp-.*//
