-- Nobody asks it whether it is there: that would be measured, too.
return { targets = { uas = { uri = "sip:x@127.0.0.1:" .. param("port", "5060"), ready = false } } }
