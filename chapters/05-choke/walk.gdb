# The seeder was started first: it waits until the leecher is interested.
co break leech
run
co all

# The leecher says that it is interested, and turns a bit of its own.
co next
p we.state
co next
p we.state

# It still may not request. The seeder hears it and unchokes: that turns the bit that was missing.
co next
p we.state

# The seeder has the same bits, seen from its side. It waits for a request.
co select 1
co up
co locals
continue

# Now a leecher that never says that it is interested. No error, no timeout: nothing happens.
delete
co break nothing_moves
run silent
co all

# Each waits for the other to speak first. What does each of them know?
co select 1
co up
co locals
co select 2
co up
co locals
kill
