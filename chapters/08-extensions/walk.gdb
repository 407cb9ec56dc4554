# The learner knows a hash of 20 bytes. Its extended handshake says: ut_metadata is 1 with me.
co break learn
run
p parts.hash_
co next
co next
p out

# With nothing to ask for yet, only that goes out. The seeder's extended handshake comes.
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
p e.extension
p e.payload

# With the seeder, ut_metadata is 3. So the two requests go out with 3: length, 20, 3, dictionary.
co next
p theirs
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
p out

# The seeder answers with id 1, which is what the learner wanted.
co break info_download::data
continue
p m.block
continue
p m.block

# That was the last part. Now 20 bytes decide.
co break info_download::judge
continue
next
next
p whole
p hash_
next
next
delete
continue
