// How peers come into a torrent, and how they leave it.
#include "handshake/handshake_talk.hpp"
#include "io/deadline.hpp"
#include "io/limited_stream.hpp"
#include "session/session.hpp"
#include "session/torrent.hpp"
#include <algorithm>

namespace cotorra {
namespace {

constexpr std::size_t most_past_peers = 500;

// Two peers that dial each other at the same time must drop the same one of the two
// connections: the one that was dialled by the larger peer_id goes.
bool keeps_dialled(peer_id const& ours, peer_id const& theirs, bool we_dialled) {
  return we_dialled == (ours < theirs);
}

} // namespace

bool torrent::takes_peers() const {
  return group_ != nullptr && !paused_ && !leaving_ &&
         peers_.size() < limits().connections_limit_per_torrent && session_.may_connect();
}

handshake torrent::our_handshake() const {
  handshake ours{{}, params_.ti->hash, session_.id()};
  ours.reserved.set_fast();
  return ours;
}

bool torrent::add_peer(endpoint e) {
  bool const is_new = known_.add(e);
  if (is_new) connect_more();
  return is_new;
}

void torrent::connect_more() {
  while (takes_peers() && half_open_ < limits().half_open_limit) {
    auto const next = known_.next(world().clock.now());
    if (!next) return;
    ++half_open_;
    group_->spawn(dial(*next), "dial");
  }
}

task<> torrent::dial(endpoint to) {
  errc why = errc::cannot_connect;
  connected_peer p;
  p.at = to;
  p.we_dialled = true;
  try {
    time_point const start = world().clock.now();
    p.stream = co_await io::within(world().clock, start + limits().connect_timeout,
                                   world().network.connect(to));
    co_await greet(p);
    --half_open_;
    admit(std::move(p));
    co_return;
  } catch (protocol_error const& e) {
    why = e.code();
  } catch (std::system_error const&) {
    // nobody there, or not any more: tried again later
  }
  --half_open_;
  known_.ended(to, why, world().clock.now());
}

// The handshake, as the one who dialled.
task<> torrent::greet(connected_peer& p) {
  p.stream = std::make_unique<io::limited_stream>(std::move(p.stream), world().clock,
                                                  down_limit_, up_limit_);
  p.in = std::make_unique<io::reader>(*p.stream);
  time_point const until = world().clock.now() + limits().handshake_timeout;
  handshake const ours = our_handshake();
  p.theirs = co_await io::within(world().clock, until,
                                 exchange_handshakes(*p.in, *p.stream, ours));
}

void torrent::welcome(connected_peer p) {
  if (takes_peers())
    admit(std::move(p));
  else
    p.stream->close();
}

void torrent::admit(connected_peer p) {
  errc refused_because = errc::duplicate_peer;
  bool const banned = known_.banned(p.at, p.theirs.id);
  if (banned) refused_because = errc::bad_piece;
  if (banned || !takes_peers() || !wins_over_duplicate(p)) {
    p.stream->close();
    if (p.we_dialled) known_.ended(p.at, refused_because, world().clock.now());
    return;
  }
  peer_key const key = session_.next_key();
  if (auto* observer = world().observer) observer->opened(key, p.at, p.we_dialled);
  auto self = peers_.insert(peers_.end(),
                            std::make_unique<peer_connection>(*this, std::move(p), key));
  session_.connection_opened();
  group_->spawn(talk(self), "peer");
}

bool torrent::wins_over_duplicate(connected_peer const& p) {
  for (auto const& other : peers_) {
    if (other->id() != p.theirs.id) continue;
    // one that works already is kept, whoever dialled it
    bool const crossed = other->we_dialled() != p.we_dialled &&
                         other->down().total() == 0 && other->up().total() == 0;
    if (!crossed || !keeps_dialled(session_.id(), p.theirs.id, p.we_dialled))
      return false;
    other->disconnect(errc::duplicate_peer, "we are connected to this peer already");
  }
  return true;
}

task<> torrent::talk(std::list<std::unique_ptr<peer_connection>>::iterator self) {
  peer_connection& peer = **self;
  co_await peer.run();
  part(self);
}

void torrent::part(std::list<std::unique_ptr<peer_connection>>::iterator self) {
  peer_connection& peer = **self;
  time_point const now = world().clock.now();
  if (past_.size() < most_past_peers) past_.push_back(peer.info(now));
  if (peer.knows_pieces()) download_.picker().remove_peer(peer.pieces());
  if (peer.we_dialled()) known_.ended(peer.at(), peer.end(), now);
  if (auto* observer = world().observer) observer->closed(peer.key(), name(peer.end()));
  peers_.erase(self);
  session_.connection_closed();
  interest_changed();
}

peer_connection* torrent::find(peer_key key) {
  auto it = std::find_if(peers_.begin(), peers_.end(),
                         [&](auto& p) { return p->key() == key; });
  return it == peers_.end() ? nullptr : it->get();
}

void torrent::pieces_changed(peer_connection& peer) {
  // two that have everything have nothing to say to each other
  if (is_seeding() && peer.pieces().all() && !params_.share)
    peer.disconnect(errc::both_complete, "both sides have everything");
}

void torrent::hand_out_free_blocks() {
  if (!std::exchange(free_blocks_, false)) return;
  for (auto const& p : peers_) p->blocks_are_free();
}

} // namespace cotorra
