// Where a peer's address came from. Some torrents want only some sources (BEP 27).
#pragma once

namespace cotorra::session {

enum class peer_source { user, metainfo, tracker, dht, pex, lsd, incoming };

// A private torrent (BEP 27) has its peers from its trackers and its user only.
constexpr bool may_be_private(peer_source s) {
  return s == peer_source::user || s == peer_source::tracker ||
         s == peer_source::incoming;
}

// A stranger named it, and may have invented it or aim us at a victim.
constexpr bool is_hearsay(peer_source s) {
  return s == peer_source::pex || s == peer_source::dht || s == peer_source::lsd;
}

} // namespace cotorra::session
