# Two pieces, of 32,768 and 7,232 bytes. The first block of the first piece:
co break get_blocks
run
p layout
co next
co next
p b
co next

# This asks for it: length, id 6, piece, begin, length. The seeder's turn comes while we wait.
p frame
co next
co all
co next
p m

# The rest of the piece, and its hash.
delete
co finish
co next
co next

# The last piece is short: one block, and it has not the usual length.
co break get_blocks
continue
co next
co next
p b

# On its way one byte is flipped: 62 is no 63. The length is right; only the hash tells.
co next
co next
co next
p m
co finish
co next
co next
p right
delete
continue
