co break read_handshake
run
co bt
co locals
co next
co next
co next
co locals
p h
co up
co locals
co all
co all full
co next
co next
co next
co next
co next
co next
co next
co next
co next
co next
