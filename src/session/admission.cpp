#include "session/admission.hpp"

namespace cotorra::session {

admission::admission(limits l, host& h, admission* parent)
    : limits_(l), host_(h), parent_(parent),
      connections_(l.connections, parent ? &parent->connections_ : nullptr),
      dials_(l.half_open, parent ? &parent->dials_ : nullptr) {}

bool admission::may_enter(visitor const& v, time_point now) {
  if (connections_.has_place_for(v)) return true;
  auto const goes = in_the_way(v, now);
  if (!goes) return false;
  goes->of->make_room(goes->key);
  return connections_.has_place_for(v);
}

bool admission::could_enter(visitor const& v, time_point now) const {
  return connections_.has_place_for(v) || in_the_way(v, now).has_value();
}

bool admission::may_dial(ip_address const& to) const {
  visitor const v{to, true};
  return dials_.has_place_for(v) && connections_.has_place_for(v);
}

// One of our own connections; or, when the session is full and not because of us, one of
// another torrent.
std::optional<admission::useless> admission::in_the_way(visitor const& v,
                                                        time_point now) const {
  if (auto const own = idlest(v, now)) return useless{&host_, *own};
  if (!parent_ || !connections_.has_place_here(v)) return std::nullopt;
  if (auto const other = parent_->idlest(v, now)) return useless{&parent_->host_, *other};
  return std::nullopt;
}

std::optional<peer_key> admission::idlest(visitor const& v, time_point now) const {
  std::optional<member> idlest;
  for (member const& m : host_.members()) {
    if (idlest && m.last_block >= idlest->last_block) continue;
    if (may_go(m, v, now)) idlest = m;
  }
  if (!idlest) return std::nullopt;
  return idlest->key;
}

bool admission::may_go(member const& m, visitor const& v, time_point now) const {
  if (!connections_.would_enter(v, m.who)) return false;
  duration const idle = now - m.last_block;
  if (!m.waits_for_us && idle >= limits_.useless_after) return true;
  std::size_t const theirs = connections_.held_by_network_of(m.who.from);
  std::size_t const ours = connections_.held_by_network_of(v.from);
  return idle >= crowd_patience && theirs >= ours + 2;
}

} // namespace cotorra::session
