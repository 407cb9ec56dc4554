// Finds the end of an answer's body (RFC 9112, section 6): after Content-Length bytes,
// after the last chunk, or where the connection ends.
#pragma once
#include "http/message_wire.hpp"

namespace cotorra::http {

class body_decoder {
public:
  // Throws protocol_error{malformed_http, limit_exceeded}. Codings other than chunked do
  // not matter here: see http/content_coding.
  body_decoder(response_head const&, std::size_t limit);

  // Appends the body's bytes in `in` to `out`, and returns how many bytes of `in` it has
  // used. Throws protocol_error: malformed_http or limit_exceeded.
  std::size_t take(bytes in, buffer& out);
  bool done() const { return state_ == state::done; }
  // Call it when the connection has ended. False when bytes are missing.
  bool ends_here();
  // The same, but throws protocol_error{end_of_stream} when bytes are missing.
  void stream_ended();

private:
  enum class state {
    length,
    until_closed,
    chunk_size,
    chunk_data,
    chunk_end,
    trailer,
    done
  };

  void expect_length(std::string_view digits);
  void take_line_byte(char);
  void end_line();
  void begin_chunk();
  std::size_t take_data(bytes in, buffer& out);

  state state_ = state::until_closed;
  std::size_t const limit_;
  std::size_t left_ = 0;       // of the body, or of this chunk
  std::string line_;           // a chunk-size line or a trailer line so far
  std::size_t line_bytes_ = 0; // of all trailer lines together
};

} // namespace cotorra::http
