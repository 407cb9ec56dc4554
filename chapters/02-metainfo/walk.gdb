# A .torrent is one bencoded dictionary. No coroutine here: gdb's own commands do.
co break look_at
run
p torrent
next
p m.name
p m.total_length
p m.piece_length
p m.hash

# By hand: find "info", take its bytes as they stand in the file, hash them.
co break hash_by_hand
continue
next
next
next
p as_received

# The second time, one letter of the name is another: another torrent.
continue
next
p m.name
p m.hash
delete
continue
