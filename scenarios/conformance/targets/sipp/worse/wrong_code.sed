s/481 Call.*/200 OK/
