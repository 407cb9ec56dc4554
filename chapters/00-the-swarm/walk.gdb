# One thread, two coroutines. The listener was started first, and runs until it must wait.
co break listen
co break talk
run
co next
co next

# It looks for bytes, and there are none. So it is suspended, and the talker's turn comes.
co next
co all

# The talker writes twice. That wakes the listener, but it must wait for its turn: there is one thread.
co next
co next
co next
co all

# The talker goes to sleep; now the listener runs. Two writes have become one read of 13 bytes.
# Then both wait, and the clock, a virtual one, jumps to the next sleeper: no time passes.
p clock
co next
p clock
co all
co all full

# One more byte, and the end.
continue
