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
constexpr duration crossing_time = 3s; // two dials that long apart have crossed

// Two peers that dial each other at the same time must drop the same one of the two
// connections: the one that was dialled by the larger peer_id goes.
bool keeps_dialled(peer_id const& ours, peer_id const& theirs, bool we_dialled) {
  return we_dialled == (ours < theirs);
}

// One that never became a connection of ours.
peer_info stranger(endpoint at, bool we_dialled, peer_id id, errc why,
                   std::string because) {
  peer_info i;
  i.ip = at;
  i.pid = id;
  i.we_dialled = we_dialled;
  i.ended = why;
  i.ended_because = std::move(because);
  return i;
}

} // namespace

bool torrent::is_open() const {
  return group_ != nullptr && !group_->cancelled() && !paused_ && !halted_ && !leaving_;
}

bool torrent::takes_guest(ip_address const& from) const {
  std::size_t const known = known_.size();
  return is_open() && places_.may_come(from, known) &&
         session_.connections().may_come(from, known);
}

bool torrent::may_dial(ip_address const& to) const {
  return is_open() && places_.may_be_dialled(to) &&
         session_.connections().may_be_dialled(to);
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
  auto const has_place = [this](ip_address const& to) { return may_dial(to); };
  while (half_open_ < limits().half_open_limit) {
    auto const next = known_.next(world().clock.now(), has_place);
    if (!next) return;
    ++half_open_;
    group_->spawn(dial(*next), "dial");
  }
}

task<> torrent::dial(endpoint to) {
  errc why = errc::cannot_connect;
  std::string because;
  connected_peer p;
  p.at = to;
  p.we_dialled = true;
  try {
    time_point const start = world().clock.now();
    auto dialling = world().network.connect(to);
    p.stream = co_await io::within(world().clock, start + limits().connect_timeout,
                                   std::move(dialling));
    p.key = session_.next_key();
    co_await greet(p);
    --half_open_;
    admit(std::move(p));
    co_return;
  } catch (protocol_error const& e) {
    why = e.code();
    because = e.what();
  } catch (std::exception const&) {
    // nobody there, or not any more, or no memory for it: tried again later
  }
  --half_open_;
  known_.ended(to, why, world().clock.now());
  if (p.key != 0) tell_closed(p.key, why);
  bool const breach = why != errc::cannot_connect && why != errc::shut_down;
  if (breach) remember(stranger(to, true, {}, why, std::move(because)));
}

// The handshake, as the one who dialled.
task<> torrent::greet(connected_peer& p) {
  p.stream = std::make_unique<io::limited_stream>(std::move(p.stream), world().clock,
                                                  down_limit_, up_limit_);
  p.in = std::make_unique<io::reader>(*p.stream);
  time_point const until = world().clock.now() + limits().handshake_timeout;
  handshake const ours = our_handshake();
  if (auto* observer = world().observer) {
    observer->opened(p.key, p.at, p.we_dialled);
    observer->sent(p.key, encode(ours));
  }
  auto talk = exchange_handshakes(*p.in, *p.stream, ours);
  p.theirs = co_await io::within(world().clock, until, std::move(talk));
  if (auto* observer = world().observer) observer->received(p.key, encode(p.theirs));
}

void torrent::welcome(connected_peer p) {
  if (is_open())
    admit(std::move(p));
  else
    turn_away(p, errc::shut_down, "we left");
}

void torrent::admit(connected_peer p) {
  if (known_.banned(p.at, p.theirs.id))
    return turn_away(p, errc::bad_piece, "the peer is banned: it sent bad pieces");
  ip_address const& from = p.at.address;
  if (p.we_dialled ? !may_dial(from) : !takes_guest(from))
    return turn_away(p, errc::limit_exceeded, "we are connected to enough peers");
  if (!wins_over_duplicate(p))
    return turn_away(p, errc::duplicate_peer, "we are connected to this peer already");
  places_.take(from, p.we_dialled);
  session_.connections().take(from, p.we_dialled);
  peer_key const key = p.key;
  auto self = peers_.insert(peers_.end(),
                            std::make_unique<peer_connection>(*this, std::move(p), key));
  group_->spawn(talk(self), "peer");
}

void torrent::turn_away(connected_peer& p, errc why, std::string because) {
  p.stream->close();
  tell_closed(p.key, why);
  if (p.we_dialled) known_.ended(p.at, why, world().clock.now());
  remember(stranger(p.at, p.we_dialled, p.theirs.id, why, std::move(because)));
}

void torrent::tell_closed(peer_key key, errc why) const {
  if (auto* observer = world().observer) observer->closed(key, name(why));
}

bool torrent::wins_over_duplicate(connected_peer const& p) {
  for (auto const& other : peers_) {
    if (other->id() != p.theirs.id || other->ended()) continue;
    // an older one works already, and is kept; both sides see its age alike
    bool const crossed = other->we_dialled() != p.we_dialled &&
                         world().clock.now() - other->connected_at() < crossing_time;
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

void torrent::remember(peer_info p) {
  if (past_.size() >= most_past_peers) past_.erase(past_.begin());
  past_.push_back(std::move(p));
}

void torrent::part(std::list<std::unique_ptr<peer_connection>>::iterator self) {
  peer_connection& peer = **self;
  time_point const now = world().clock.now();
  remember(peer.info(now));
  if (peer.knows_pieces()) download_.picker().remove_peer(peer.pieces());
  download_.picker().forget(peer.key());
  if (peer.down().total() + peer.up().total() > 0) known_.worked(peer.at());
  if (peer.we_dialled()) known_.ended(peer.at(), peer.end(), now);
  tell_closed(peer.key(), peer.end());
  places_.leave(peer.at().address, peer.we_dialled());
  session_.connections().leave(peer.at().address, peer.we_dialled());
  peers_.erase(self);
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

// Another peer that has the piece and nothing to do shall try it: any of them, or two who
// drip could pass it to and fro. When there is none, slow is better than never.
void torrent::free_held_suspects() {
  for (piece_index const i : download_.held_suspects()) {
    auto const owner = download_.picker().owner(i);
    std::vector<peer_connection*> waiting;
    for (auto const& p : peers_)
      if (p->key() != owner && p->is_idle_for(i)) waiting.push_back(p.get());
    if (waiting.empty()) continue;
    if (auto* slow = owner ? find(*owner) : nullptr) slow->cancel_requests_of(i);
    download_.take_from_owner(i);
    waiting[world().random.below(waiting.size())]->blocks_are_free();
  }
}

// A full house, and some of the guests neither give nor take: one of them makes room. Who
// only waits for us to unchoke it is no such guest.
void torrent::make_room() {
  if (places_.any_left() && session_.connections().any_left()) return;
  time_point const now = world().clock.now();
  peer_connection* idlest = nullptr;
  for (auto const& p : peers_)
    if (!p->ended() && !p->waits_for_us() &&
        (!idlest || p->last_block() < idlest->last_block()))
      idlest = p.get();
  if (!idlest || now - idlest->last_block() < limits().useless_after) return;
  idlest->disconnect(errc::idle_for_long,
                     "nothing came or went for long, and others may");
}

// Who gave most comes first: of all others it is the least likely to spoil them. Who let
// requests run out of time comes last, or it would take the same blocks again.
void torrent::hand_out_free_blocks() {
  std::vector<peer_connection*> all;
  for (auto const& p : peers_) all.push_back(p.get());
  std::ranges::stable_sort(all, {}, [](peer_connection const* p) {
    return std::pair(p->is_late(), ~p->down().total());
  });
  for (peer_connection* p : all) p->blocks_are_free();
}

} // namespace cotorra
