// Bencode (BEP 3) from a stream: only the value itself says where it ends, so it is read
// as it arrives, byte by byte.
#pragma once
#include "bencode/decode_wire.hpp"
#include "io/reader.hpp"

namespace cotorra::bencode {

// Reads exactly one value and returns its bytes, ready for decode(); what follows it
// stays in the reader. Throws protocol_error: malformed_bencode at the first wrong byte,
// limit_exceeded before more than the limit is kept, end_of_stream.
task<buffer> read(io::reader& in, limits bounds = {});

} // namespace cotorra::bencode
