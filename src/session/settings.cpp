#include "session/settings.hpp"
#include <algorithm>

namespace cotorra::session {

settings within(descriptor_budget const& b, settings s) {
  std::size_t const dials = std::max<std::size_t>(1, b.peers / 4);
  std::size_t const connections = std::max<std::size_t>(1, b.peers - dials);
  s.connections_limit = std::min(s.connections_limit, connections);
  s.connections_limit_per_torrent =
      std::min(s.connections_limit_per_torrent, connections);
  s.half_open_limit = std::min(s.half_open_limit, dials);
  s.strangers_limit = std::min(s.strangers_limit, b.strangers);
  return s;
}

} // namespace cotorra::session
