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
constexpr std::size_t most_refusals = 16; // to remember
constexpr duration crossing_time = 3s;    // two dials that long apart have crossed

// Two peers that dial each other at the same time must drop the same one of the two
// connections: the one that was dialled by the larger peer_id goes.
bool keeps_dialled(peer_id const& ours, peer_id const& theirs, bool we_dialled) {
  return we_dialled == (ours < theirs);
}

// Once for each address, our own dials first.
void note_refusal(std::vector<visitor>& refused, visitor const& v) {
  for (visitor const& known : refused)
    if (known.from == v.from && known.we_dial == v.we_dial) return;
  if (refused.size() >= most_refusals && !v.we_dial) return;
  refused.insert(v.we_dial ? refused.begin() : refused.end(), v);
  if (refused.size() > most_refusals) refused.pop_back();
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

bool torrent::has_place_for(visitor const& v) const {
  places const& all = session_.connections();
  if (!places_.may_be_dialled(v.from) || !all.may_be_dialled(v.from)) return false;
  return v.we_dial || (places_.may_come(v.from, peers_to_dial()) &&
                       all.may_come(v.from, session_.peers_to_dial()));
}

bool torrent::may_enter(visitor const& v) {
  if (!is_open()) return false;
  if (has_place_for(v)) return true;
  note_refusal(refused_, v);
  if (!session_.connections().may_be_dialled(v.from)) note_refusal(session_.refused(), v);
  return false;
}

bool torrent::takes_guest(ip_address const& from) { return may_enter({from, false}); }

void torrent::take_place(connected_peer& p) {
  p.in_torrent = place(places_, p.at.address, p.we_dialled);
  p.in_session = place(session_.connections(), p.at.address, p.we_dialled);
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
  auto const may_dial = [this](ip_address const& to, bool hopeful) {
    if (!dials_.may_be_dialled(to) || !session_.dials().may_be_dialled(to)) return false;
    return hopeful ? may_enter({to, true}) : is_open() && has_place_for({to, true});
  };
  while (auto const next = known_.next(world().clock.now(), may_dial)) {
    connected_peer p;
    p.at = *next;
    p.we_dialled = true;
    p.among_dials = place(dials_, p.at.address, true);
    p.among_all_dials = place(session_.dials(), p.at.address, true);
    take_place(p);
    group_->spawn(dial(std::move(p)), "dial");
  }
}

task<> torrent::dial(connected_peer p) {
  endpoint const to = p.at;
  errc why = errc::cannot_connect;
  std::string because;
  try {
    time_point const start = world().clock.now();
    auto dialling = world().network.connect(to);
    p.stream = co_await io::within(world().clock, start + limits().connect_timeout,
                                   std::move(dialling));
    p.key = session_.next_key();
    co_await greet(p);
    p.among_dials = {};
    p.among_all_dials = {};
    admit(std::move(p));
    co_return;
  } catch (protocol_error const& e) {
    why = e.code();
    because = e.what();
  } catch (std::exception const&) {
    // nobody there, or not any more, or no memory for it: tried again later
  }
  known_.ended(to, why, world().clock.now());
  if (p.key != 0)
    tell_closed(p.key, why == errc::cannot_connect ? errc::end_of_stream : why);
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
  if (takes_guest(p.at.address)) take_place(p); // it took a while since it was asked
  admit(std::move(p));
}

void torrent::admit(connected_peer p) {
  if (!is_open()) return turn_away(p, errc::shut_down, "we left");
  if (known_.banned(p.at, p.theirs.id))
    return turn_away(p, errc::bad_piece, "the peer is banned: it sent bad pieces");
  if (!p.in_torrent.taken())
    return turn_away(p, errc::limit_exceeded, "we are connected to enough peers");
  if (!wins_over_duplicate(p))
    return turn_away(p, errc::duplicate_peer, "we are connected to this peer already");
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

// Another peer shall try it. When nobody waits for work, slow is better than never.
void torrent::free_held_suspects() {
  for (piece_index const i : download_.held_suspects()) {
    peer_connection* const next = next_for(i);
    if (!next) continue;
    for (auto const& p : peers_) p->cancel_requests_of(i);
    download_.take_from_owner(i, next->key());
    next->blocks_are_free();
  }
}

// Who has the piece and nothing to do: of those that have not tried it yet, whoever sent
// most. When all have, the next round begins, in which each gets twice the time.
peer_connection* torrent::next_for(piece_index i) {
  auto const owner = download_.picker().owner(i);
  auto const sent_less = [](peer_connection* a, peer_connection* b) {
    return a->down().total() < b->down().total();
  };
  std::vector<peer_connection*> idle, untried;
  for (auto const& p : peers_) {
    if (p->key() == owner || !p->is_idle_for(i)) continue;
    idle.push_back(p.get());
    if (download_.may_try(i, p->key(), p->connected_at())) untried.push_back(p.get());
  }
  if (idle.empty()) return nullptr;
  if (untried.empty()) {
    download_.begin_round(i);
    untried = idle;
  }
  return *std::ranges::max_element(untried, sent_less);
}

peer_connection* torrent::idlest_who_helps(visitor const& v) {
  places const& all = session_.connections();
  time_point const now = world().clock.now();
  std::size_t const to_dial = peers_to_dial(), all_to_dial = session_.peers_to_dial();
  peer_connection* idlest = nullptr;
  for (auto const& p : peers_) {
    if (p->ended() || p->waits_for_us()) continue;
    if (now - p->last_block() < limits().useless_after) continue;
    if (idlest && p->last_block() >= idlest->last_block()) continue;
    visitor const leaving{p->at().address, p->we_dialled()};
    if (places_.would_enter(v, to_dial, leaving) &&
        all.would_enter(v, all_to_dial, leaving))
      idlest = p.get();
  }
  return idlest;
}

// Somebody found no place, and some of those who have one neither give nor take: one of
// them makes room. Who only waits for us to unchoke it is none of these.
void torrent::make_room() {
  std::vector<visitor>& elsewhere = session_.refused();
  std::erase_if(elsewhere, [this](visitor const& v) { return has_place_for(v); });
  std::vector<visitor> waiting = std::exchange(refused_, {});
  waiting.insert(waiting.end(), elsewhere.begin(), elsewhere.end());
  for (visitor const& v : waiting) {
    if (has_place_for(v)) continue;
    peer_connection* const idlest = idlest_who_helps(v);
    if (!idlest) continue;
    std::erase_if(elsewhere, [&](visitor const& e) { return e.from == v.from; });
    return idlest->disconnect(errc::idle_for_long,
                              "nothing came or went for long, and others may");
  }
}

// Who sent most comes first: a few blocks of garbage bring nobody there. Who let requests
// run out of time comes last, or it would take the same blocks again.
void torrent::hand_out_free_blocks() {
  std::vector<peer_connection*> all;
  for (auto const& p : peers_) all.push_back(p.get());
  std::ranges::stable_sort(all, {}, [](peer_connection const* p) {
    return std::pair(p->is_late(), ~p->down().total());
  });
  for (peer_connection* p : all) p->blocks_are_free();
}

} // namespace cotorra
