// Peers of a torrent that learns its info dictionary, and what all peers are told of us.
#include "handshake/peer_id.hpp"
#include "session/connections.hpp"

namespace cotorra::session {

void connections::learn(io::task_group& group, std::function<void(buffer)> learned) {
  info_visits::host& me = *this;
  visits_ = std::make_unique<info_visits>(me, around_.world, around_.limits, who_.hash,
                                          std::move(learned));
  begin(group);
}

extension::info_download const* connections::learning() const {
  return visits_ ? &visits_->got() : nullptr;
}

// A private torrent is known by its trackers and users only, so its info dictionary is
// not given to strangers either (BEP 27).
extension::peer_extensions::introduction
connections::introduction_to(connected_peer const& p) const {
  extension::peer_extensions::introduction ours;
  ours.client = handshake::client_name(who_.ours);
  ours.port = around_.where.port;
  ours.reqq = static_cast<std::uint32_t>(around_.limits.max_in_request_queue);
  ours.peer = p.at.address;
  ours.is_private = who_.is_private;
  if (content_ && !who_.is_private) ours.info = content_->info();
  return ours;
}

// Peers of a private torrent hear of no DHT (BEP 27).
std::uint16_t connections::dht_port() const {
  return who_.is_private ? 0 : around_.dht.port();
}

void connections::set_private() {
  who_.is_private = true;
  known_.drop_hearsay();
}

// A peer that dialled us has told its port: when it has left, we may dial it.
void connections::listens(endpoint at, errc why) {
  if (known_.add(at, {}, peer_source::incoming))
    known_.ended(at, why, around_.world.clock.now());
}

void connections::visit_ended(info_visit const& v) {
  time_point const now = around_.world.clock.now();
  remember(v.info());
  if (v.peer().we_dialled)
    known_.ended(v.peer().at, v.end(), now);
  else
    listens(v.listens_at(), v.end());
  if (auto* o = around_.world.observer) o->closed(v.key(), name(v.end()));
}

void connections::lied(info_visit const& v) {
  known_.ban(v.peer().at, v.peer().theirs.id);
}

} // namespace cotorra::session
