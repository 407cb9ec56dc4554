// A peer after its handshake, before the torrent has taken it in.
#pragma once
#include "handshake/handshake_wire.hpp"
#include "io/reader.hpp"
#include <memory>

namespace cotorra {

struct connected_peer {
  std::unique_ptr<io::stream> stream;
  std::unique_ptr<io::reader> in; // may hold the first messages already
  handshake theirs;
  endpoint at;
  bool we_dialled = false;
  std::uint64_t key = 0; // the session's number of this connection
};

} // namespace cotorra
