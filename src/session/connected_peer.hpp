// A connection whose handshake is done, on its way into a torrent.
#pragma once
#include "handshake/handshake_wire.hpp"
#include "io/reader.hpp"
#include "session/places.hpp"
#include <memory>

namespace cotorra::session {

struct connected_peer {
  place held; // its place among the connections
  std::unique_ptr<io::stream> stream;
  std::unique_ptr<io::reader> in; // may hold the first messages already
  handshake::handshake theirs;
  endpoint at;
  bool we_dialled = false;
  peer_key key = 0; // the session's number of this connection

  visitor as_visitor() const { return {at.address, we_dialled}; }
};

} // namespace cotorra::session
