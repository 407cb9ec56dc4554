// What the exchange of pieces with one peer needs of its torrent, and reports to it.
#pragma once
#include "base/endpoint.hpp"
#include "base/time.hpp"
#include "extension/pex_wire.hpp"
#include "piece/layout.hpp"

namespace cotorra::session {

class peer_connection;

class peer_host {
public:
  virtual ~peer_host() = default;
  // A block that we asked for is here.
  virtual void block_arrived(peer_connection&, piece::block, bytes data) = 0;
  virtual void block_sent(std::size_t payload, time_point) = 0;
  virtual void interest_changed() = 0; // the peer's in us
  virtual void pieces_changed(peer_connection&) = 0;
  virtual void disk_failed(std::error_code) = 0;

  virtual void peers_named(endpoint const& by, extension::pex_message const&) = 0;
  // BEP 5: the port of our node of the DHT, 0 without one, and where the peer's is.
  virtual std::uint16_t dht_port() const = 0;
  virtual void node_named(endpoint const&) = 0;
};

} // namespace cotorra::session
