// Where a peer's address came from. Some torrents want only some sources (BEP 27).
#pragma once

namespace cotorra::session {

enum class peer_source { user, metainfo, tracker, dht, pex, lsd, incoming };

// A private torrent (BEP 27) has its peers from its trackers and its user only.
constexpr bool may_be_private(peer_source s) {
  return s == peer_source::user || s == peer_source::tracker ||
         s == peer_source::incoming;
}

} // namespace cotorra::session
