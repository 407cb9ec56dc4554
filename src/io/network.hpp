// Door 4: how the other doors are opened.
#pragma once
#include "io/datagram_socket.hpp"
#include "io/stream.hpp"
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace cotorra::io {

class listener {
public:
  virtual ~listener() = default;
  virtual task<std::unique_ptr<stream>> accept() = 0;
  virtual endpoint
  local() const = 0; // with the port that the system chose, if 0 was asked for
  virtual void close() = 0;
};

// Why listen() failed, for the user: "another program listens there (Address already in
// use)".
std::string why_not_listening(std::error_code const&);

// Every call throws std::system_error when it cannot be done.
class network {
public:
  virtual ~network() = default;
  virtual task<std::unique_ptr<stream>> connect(endpoint to) = 0;
  virtual std::unique_ptr<listener> listen(endpoint at) = 0;
  virtual std::unique_ptr<datagram_socket> open_datagram_socket(endpoint at) = 0;
  virtual task<std::vector<ip_address>> resolve(std::string host) = 0; // never empty
};

} // namespace cotorra::io
