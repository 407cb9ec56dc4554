# Four messages in 48 bytes, cut after the 7th: a bitfield, and one byte of the next length.
co break say
run
p all
co next
co next

# The reader has taken one message. One byte is left, and a length has four: it waits.
co select 1
co bt
co up
co up
co locals

# The rest comes. Only the lengths say where one message ends and the next begins.
delete
co break message::decode
continue
p frame
continue
p frame
co finish
p m
p messages
delete
continue
