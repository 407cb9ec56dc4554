// Door 1: a two-way flow of bytes without borders. TCP, a pipe in memory, a simulated
// link, a rate-limited stream over another one: all are streams.
#pragma once
#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/source_location.hpp"
#include "io/task.hpp"

namespace cotorra::io {

class stream {
public:
  virtual ~stream() = default;

  // At least one byte, at most into.size(); 0 when the other side has finished. Throws
  // std::system_error when the connection broke or was closed here.
  virtual task<std::size_t> read_some(mutable_bytes into) = 0;
  // All of the buffers, in order; they must stay alive until the task is done.
  virtual task<> write(std::span<bytes const> buffers) = 0;
  // Closes both directions; a coroutine that reads or writes is woken with an error. May
  // be called again.
  virtual void close() = 0;

  // A reader is about to wait for bytes, at this line of its code. A wire of a test keeps
  // the line, so that a failure can name it; real streams ignore it.
  virtual void awaited_at(source_location) {}

  virtual endpoint local() const { return {}; }
  virtual endpoint remote() const { return {}; }
};

inline task<> write(stream& to, bytes all) {
  bytes const one[] = {all};
  co_await to.write(one);
}

} // namespace cotorra::io
