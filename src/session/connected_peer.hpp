// A peer on its way into a torrent: dialled, or come by itself.
#pragma once
#include "handshake/handshake_wire.hpp"
#include "io/reader.hpp"
#include "session/places.hpp"
#include <memory>

namespace cotorra {

struct connected_peer {
  place among_dials, among_all_dials, in_torrent, in_session;
  std::unique_ptr<io::stream> stream;
  std::unique_ptr<io::reader> in; // may hold the first messages already
  handshake theirs;
  endpoint at;
  bool we_dialled = false;
  std::uint64_t key = 0; // the session's number of this connection
};

} // namespace cotorra
