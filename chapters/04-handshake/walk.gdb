# Both ends of a handshake, side by side. The peer was started first: it waits for us to speak.
co break exchange_handshakes
run
co all

# We dialled, so we speak first. Which torrent do we want, and what is our peer_id?
co locals
co next
p hello
co next

# 68 bytes are on the wire. The peer has been woken; its turn comes when we wait.
co all

# So let it take its turn. It reads field by field, and stops before the last one:
co break read_peer_id
continue
co bt
co up
co locals

# It knows the torrent, but not our peer_id yet, and has answered: its 68 bytes have come.
co all

# It ends, and our turn comes. The peer_id is the last field here, too.
continue
co bt
co up
co locals

# The handshake is complete. Is it the same torrent, and is it a different peer?
co finish
co finish
p theirs
p mine.hash
co next
co next
co next
continue
