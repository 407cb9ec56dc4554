# Both ends of a handshake, side by side. The peer was started first: it waits for us to speak.
co break exchange_handshakes
run
co all

# We are the one who dialled, and speak first. Which torrent do we want, and who are we?
co locals
co next
p hello
co next

# 68 bytes lie on the wire. The peer has been woken; its turn comes when we wait.
co all

# So let it take its turn. It reads field by field, and stands before the last one:
co break read_peer_id
continue
co bt
co up
co locals

# It knows the torrent, not yet who we are, and has answered: our 68 bytes have come.
co all

# It ends, and our turn comes. The peer's id is the last field here, too.
continue
co bt
co up
co locals

# The handshake is whole. Is it the same torrent, and is it not ourselves?
co finish
co finish
p theirs
p mine.hash
co next
co next
co next
continue
