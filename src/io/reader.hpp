// Turns a stream, which has no borders, into the bytes that a protocol asks for.
//
// take(n) gives the next n bytes: for dialogues of fixed shape (a handshake).
// buffered(), consume() and fill() give all that has arrived: many messages in one read.
//
// The buffer starts small and grows while reads fill it, so a quiet peer costs little.
// `where` is the line that calls, and names it to the stream when it has to wait.
#pragma once
#include "io/stream.hpp"

namespace cotorra::io {

class reader {
public:
  explicit reader(stream& from, std::size_t largest = 256 * 1024);

  // The next n bytes, valid until the next call. Throws protocol_error{end_of_stream}
  // when the stream ends first.
  task<bytes> take(std::size_t n, source_location where = source_location::current());

  bytes buffered() const { return bytes(buffer_).subspan(begin_, end_ - begin_); }
  void consume(std::size_t n) { begin_ += n; }
  // Waits for more bytes behind buffered(); `room` is how many more the caller waits for.
  // False when the stream has ended.
  task<bool> fill(std::size_t room = 1,
                  source_location where = source_location::current());

private:
  void make_room(std::size_t room);

  stream& from_;
  buffer buffer_;
  std::size_t const largest_;
  std::size_t begin_ = 0, end_ = 0;
  bool grow_ = false; // the last read filled all the room there was
};

} // namespace cotorra::io
