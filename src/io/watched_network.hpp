// A network that reports every byte of its connections to an observer. It sees what
// crosses the sockets, below the rate limits; so it also sees what an io::observer does
// not: the bytes of trackers, and of handshakes that fail. A world that is not watched
// has its own network, so this costs it nothing. Datagrams are not reported, so what UDP
// trackers and the DHT say is not seen.
#pragma once
#include "io/network.hpp"

namespace cotorra::io {

// Calls come in the engine's thread and must not throw. All connections wait while one is
// in progress: an observer that writes to a slow disk slows all of them down.
class stream_observer {
public:
  using stream_number = std::uint64_t; // counts up; never used twice
  enum class ending { remote_finished, broken, closed };

  virtual ~stream_observer() = default;
  virtual void opened(stream_number, endpoint const& /*local*/,
                      endpoint const& /*remote*/, bool /*we_dialled*/) {}
  // The buffers are handed to the socket; they may wait there.
  virtual void sent(stream_number, std::span<bytes const>) {}
  virtual void received(stream_number, bytes) {}
  virtual void ended(stream_number, ending) {} // closed comes last, and once
};

class watched_network : public network {
public:
  // Both must outlive this; streams and listeners may outlive it, and are silent then.
  watched_network(network& inner, stream_observer&);
  ~watched_network() override;

  task<std::unique_ptr<stream>> connect(endpoint to) override;
  std::unique_ptr<listener> listen(endpoint at) override;
  std::unique_ptr<datagram_socket> open_datagram_socket(endpoint at) override;
  task<std::vector<ip_address>> resolve(std::string host) override;

  struct watch { // shared with the streams
    stream_observer* observer;
    stream_observer::stream_number last = 0;
  };

private:
  network& inner_;
  std::shared_ptr<watch> const watch_;
};

} // namespace cotorra::io
