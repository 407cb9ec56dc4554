// Unpacks the body of an answer (RFC 9110, section 8.4; RFC 1950 to 1952). We ask for
// plain bytes, but some servers send gzip anyway.
#pragma once
#include "http/message_wire.hpp"

namespace cotorra::http {

struct unpacked {
  buffer body;
  bool cut_off = false; // the packed bytes ended too soon: body is only the beginning
};

// Undoes the codings that Content-Encoding and Transfer-Encoding (except chunked) name:
// gzip and deflate. Ignores an unknown coding, and one that does not match the bytes:
// many servers name a coding and send plain bytes. Throws protocol_error: malformed_http,
// or limit_exceeded past `limit` bytes.
unpacked unpack(header_fields const&, buffer body, std::size_t limit);

} // namespace cotorra::http
