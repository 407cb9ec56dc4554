// Peer exchange (BEP 11): peers of a torrent tell each other of those that they know.
#include "session/connections.hpp"
#include "session/hearsay.hpp"

namespace cotorra::session {

void connections::gossip(time_point now) {
  if (who_.is_private) return;
  for (auto const& p : peers_) {
    if (p->ended() || p->listens_at().port == 0) continue;
    namespace flag = extension::pex_flag;
    auto const seed = p->is_complete() ? flag::seed : 0;
    auto const reachable = p->we_dialled() ? flag::reachable : 0;
    log_.joined(p->listens_at(), static_cast<std::uint8_t>(seed | reachable));
  }
  for (auto const& p : peers_)
    if (!p->ended()) p->extensions().tell_peers(log_, p->listens_at(), now);
}

// That a peer has left a neighbour says nothing about what we may find there, so only
// those that came count. A seed has no use for other seeds.
void connections::peers_named(endpoint const& by, extension::pex_message const& m) {
  std::vector<endpoint> named;
  for (extension::pex_peer const& p : m.added) {
    bool const of_no_use = content_ && content_->offers_all_of_it() &&
                           (p.flags & extension::pex_flag::seed) != 0;
    if (!of_no_use && may_believe(by.address, p.at)) named.push_back(p.at);
  }
  found(peer_source::pex, named);
}

} // namespace cotorra::session
