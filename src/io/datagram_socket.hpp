// Door 2: packets that may be lost, duplicated or reordered.
#pragma once
#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "io/task.hpp"

namespace cotorra::io {

struct datagram {
  endpoint from;
  std::size_t size = 0;
};

class datagram_socket {
public:
  virtual ~datagram_socket() = default;
  virtual task<> send_to(endpoint to, bytes packet) = 0;
  virtual task<datagram>
  receive_from(mutable_bytes into) = 0; // what does not fit is cut off
  virtual void close() = 0;
  virtual endpoint local() const = 0;
};

} // namespace cotorra::io
