# An announce is a question over HTTP. The tracker was started first: its door is open.
co break ask_tracker
run
co all

# What goes out: the path, and behind the '?' what a tracker wants to know.
co break http::get
continue
p text
co bt

# The question has come to the other host. The peer that asked waits for the answer.
co break answer
continue
co all

# The answer is bencoded, and each peer in it is six bytes.
co break tracker::decode_answer
continue
p body
co bt

# Back where the question was asked: 7f 00 00 01 1a e1 has become 127.0.0.1:6881.
delete
co finish
p came.interval
p came.peers
continue
