#include "session/magnet_uri.hpp"

namespace cotorra::session {

add_torrent_params parse_magnet_uri(std::string_view link) {
  return params_of(metainfo::decode_magnet(link));
}

add_torrent_params params_of(metainfo::magnet const& m) {
  add_torrent_params p;
  p.info_hash = m.hash;
  p.name = m.name.empty() ? m.hash.hex() : m.name;
  p.trackers = m.trackers;
  p.url_seeds = m.web_seeds;
  p.select_only = m.select_only;
  for (std::string const& peer : m.peers)
    if (auto const at = endpoint::parse(peer)) p.peers.push_back(*at);
  return p;
}

} // namespace cotorra::session
