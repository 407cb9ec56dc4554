# The reader was started first, and waits for the byte that tells what comes.
co break say
run
co all

# The peer says "i", and sleeps for a second. Meanwhile the reader has its turn.
co next
co next
co next

# It is an integer: which coroutine awaits which, and at which line?
co select 1
co bt

# "-4" comes, and the peer sleeps again. The reader waits in the middle of the number; what it
# has so far lies in its frame on the heap.
co next
co next
co next
co all
co select 1
co up
co locals

# The rest comes, with bytes of something else behind it. Not one byte too many is taken.
continue
