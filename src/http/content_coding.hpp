// How the bytes of an answer were packed (RFC 9110, section 8.4; RFC 1950 to 1952). We
// ask for plain bytes, and some servers send gzip all the same.
#pragma once
#include "http/message_wire.hpp"

namespace cotorra::http {

struct unpacked {
  buffer body;
  bool cut_off = false; // the packed bytes ended too soon: this is what they began with
};

// Undoes what Content-Encoding (and Transfer-Encoding, but for chunked) names: gzip and
// deflate. A name that we do not know is passed over, and so is one that the bytes do not
// bear out: many a server names a coding and sends the plain bytes. Throws
// protocol_error: malformed_http, or limit_exceeded past `limit` bytes.
unpacked unpack(header_fields const&, buffer body, std::size_t limit);

} // namespace cotorra::http
