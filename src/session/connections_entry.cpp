// How peers are found, dialled and let in.
#include "session/connections.hpp"

namespace cotorra::session {
namespace {

constexpr char const* already_here = "we are connected to this peer already";
constexpr duration crossing_time = 3s;     // two dials that long apart have crossed
constexpr std::size_t most_at_once = 4000; // addresses of one answer
constexpr duration first_patience = 3s;    // one lost packet; most silent peers are dead

// Two peers that dial each other at the same time must drop the same one of the two
// connections: the one that was dialled by the larger peer_id goes.
bool keeps_dialled(peer_id const& ours, peer_id const& theirs, bool we_dialled) {
  return we_dialled == (ours < theirs);
}

// A peer that never became a connection.
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

handshake::handshake connections::our_handshake() const {
  handshake::handshake ours{{}, who_.hash, who_.ours};
  ours.reserved.set_fast().set_extensions();
  if (dht_port() != 0) ours.reserved.set_dht();
  return ours;
}

void connections::found(peer_source from, std::span<found_peer const> peers) {
  if (!may_come_from(from)) return;
  std::vector<found_peer> some(peers.begin(), peers.end());
  if (some.size() > most_at_once) { // any of them, not the first
    around_.world.random.shuffle(some);
    some.resize(most_at_once);
  }
  for (found_peer const& p : some)
    if (p.id != who_.ours) known_.add(p.at, p.id, from);
  connect_more();
}

void connections::found(peer_source from, std::span<endpoint const> at) {
  std::vector<found_peer> const peers(at.begin(), at.end());
  found(from, peers);
}

bool connections::may_come(ip_address const& from) const {
  return is_open() && admission_.could_enter({from, false}, around_.world.clock.now());
}

void connections::connect_more() {
  if (!is_open()) return;
  auto const may_dial = [this](ip_address const& to) { return admission_.may_dial(to); };
  time_point const now = around_.world.clock.now();
  for (auto& d : dials_) // silent for a while: it holds up no other peer
    if (now - d.since >= admission::dial_holds_place_for) d.held = {};
  make_room_for_a_dial();
  while (auto const next = known_.next(now, may_dial)) start_dial(*next);
  admission_.expect(known_.hopeful());
  wake();
}

// When all places are taken, a peer that we could dial may be of more use than one that
// we have.
void connections::make_room_for_a_dial() {
  time_point const now = around_.world.clock.now();
  if (auto const waiting = known_.waiting(now))
    admission_.may_enter({*waiting, true}, now);
}

void connections::start_dial(peer_list::to_dial const& next) {
  ip_address const to = next.at.address;
  time_point const now = around_.world.clock.now();
  dials_.push_back({admission_.take({to, true}), admission_.take_dial(to), now});
  group_->spawn(dial(next, std::prev(dials_.end())), "dial");
}

task<> connections::dial(peer_list::to_dial to, std::list<dialling>::iterator self) {
  bool admitted = false;
  errc why = errc::cannot_connect;
  std::string because = "it cannot be reached";
  try {
    handshake::handshake const ours = our_handshake();
    duration const patience =
        to.first_try ? first_patience : around_.limits.connect_timeout;
    connected_peer p =
        co_await around_.door.dial(to.at, ours, to.expected, patience, traffic_);
    p.held = std::move(self->held);
    admit(std::move(p));
    admitted = true;
  } catch (protocol_error const& e) {
    why = e.code();
    because = e.what();
  } catch (std::system_error const& e) {
    because += ": " + e.code().message();
  } catch (std::exception const&) { // no memory for it
  }
  dials_.erase(self);
  if (!admitted) failed_to_dial(to.at, why, std::move(because));
  connect_more();
}

// It is tried again later.
void connections::failed_to_dial(endpoint const& at, errc why, std::string because) {
  known_.ended(at, why, around_.world.clock.now());
  if (why != errc::shut_down) remember(stranger(at, true, {}, why, std::move(because)));
}

void connections::admit(connected_peer p) {
  if (!is_open()) return turn_away(p, errc::shut_down, "we left");
  if (known_.banned(p.at, p.theirs.id))
    return turn_away(p, errc::bad_piece, "the peer is banned: it sent bad pieces");
  time_point const now = around_.world.clock.now();
  if (!p.held.taken() && admission_.may_enter(p.as_visitor(), now))
    p.held = admission_.take(p.as_visitor());
  if (!p.held.taken())
    return turn_away(p, errc::limit_exceeded, "we are connected to enough peers");
  if (visits_) {
    auto ours = introduction_to(p);
    visits_->begin(*group_, std::move(p), std::move(ours));
    return wake();
  }
  if (is_duplicate(p)) return turn_away(p, errc::duplicate_peer, already_here);
  peer_connection::host& me = *this;
  auto ours = introduction_to(p);
  auto fresh = std::make_unique<peer_connection>(
      me, around_.world, around_.limits, *content_, std::move(p), std::move(ours));
  auto const self = peers_.insert(peers_.end(), std::move(fresh));
  group_->spawn(talk(self), "peer");
  wake();
}

void connections::turn_away(connected_peer& p, errc why, std::string because) {
  p.stream->close();
  if (auto* o = around_.world.observer) o->closed(p.key, name(why));
  if (p.we_dialled) known_.ended(p.at, why, around_.world.clock.now());
  remember(stranger(p.at, p.we_dialled, p.theirs.id, why, std::move(because)));
}

// Is this one connection too many with one peer? Its peer_id alone is no proof: any peer
// can take that of an honest one, and must not keep it out. So a newcomer of the same
// address goes when the first connection has shown its use. Until then there may be two,
// and an older useless one makes room for another.
bool connections::is_duplicate(connected_peer const& p) {
  time_point const now = around_.world.clock.now();
  std::vector<peer_connection*> useless;
  for (auto const& other : peers_) {
    if (other->id() != p.theirs.id || other->at().address != p.at.address ||
        other->ended())
      continue;
    bool const crossed = other->we_dialled() != p.we_dialled &&
                         now - other->connected_at() < crossing_time;

    if (crossed && keeps_dialled(who_.ours, p.theirs.id, p.we_dialled))
      other->disconnect(errc::duplicate_peer, already_here);
    else if (crossed || other->has_traded())
      return true;
    else
      useless.push_back(other.get());
  }
  if (useless.size() < 2) return false;
  if (now - useless[0]->connected_at() < admission::crowd_patience) return true;
  useless[0]->disconnect(errc::duplicate_peer, already_here);
  return false;
}

} // namespace cotorra::session
