#include "session/peer_list.hpp"
#include <algorithm>

namespace cotorra::session {
namespace {

constexpr unsigned bans_that_condemn_an_address = 3;
constexpr unsigned failures_of_the_hopeless = 3;
constexpr duration longest_wait = std::chrono::minutes(30);

// 3 s, 6 s, 12 s ... half an hour. A peer that dropped the torrent, or that is ourselves,
// will not change soon.
duration wait_after(errc why, unsigned failures) {
  if (why == errc::shut_down) return 0s; // we left, for a pause: it may have us back
  if (why == errc::own_peer_id || why == errc::wrong_info_hash ||
      why == errc::both_complete || why == errc::idle_for_long)
    return longest_wait;
  return std::min<duration>(3s * (1u << std::min(failures, 10u)), longest_wait);
}

// If we left, the other side did not fail.
bool is_failure(errc why) { return why != errc::shut_down; }

} // namespace

bool peer_list::candidate::hopeful() const {
  return !busy && !banned && failures < failures_of_the_hopeless;
}

template <class Change> void peer_list::change(entry it, Change c) {
  hopeful_ -= it->second.hopeful() ? 1 : 0;
  c(it->second);
  hopeful_ += it->second.hopeful() ? 1 : 0;
}

bool peer_list::add(endpoint e, peer_id const& id, peer_source from) {
  if (e.port == 0 || e.address.is_unspecified() || banned(e, {})) return false;
  if (auto known = known_.find(e); known != known_.end()) {
    if (id != peer_id{}) known->second.expected = id; // it may have started anew
    if (is_hearsay(known->second.from)) known->second.from = from;
    return false;
  }
  if (is_hearsay(from) && is_crowded(e.address)) return false;
  candidate fresh;
  fresh.expected = id;
  fresh.from = from;
  fresh.lot = random_.next();
  if (known_.size() >= most_known && !make_room_for(fresh)) return false;
  known_.emplace(e, fresh);
  ++hopeful_;
  return true;
}

bool peer_list::is_crowded(ip_address const& a) const {
  if (a.is_local()) return false;
  std::size_t hearsay = 0;
  for (auto it = known_.lower_bound({a, 0}); it != known_.end() && it->first.address == a;
       ++it)
    hearsay += is_hearsay(it->second.from) ? 1 : 0;
  return hearsay >= most_hearsay_at_one_address;
}

void peer_list::drop_hearsay() {
  for (auto it = known_.begin(); it != known_.end();) {
    auto const self = it++;
    if (!is_hearsay(self->second.from)) continue;
    hopeful_ -= self->second.hopeful() ? 1 : 0;
    known_.erase(self);
  }
}

// Room for a new one: the peer that failed most goes. If none has failed, hearsay goes
// first, and then the one that would be dialled last: which addresses came first must not
// decide.
bool peer_list::make_room_for(candidate const& fresh) {
  auto worst = known_.end();
  for (auto it = known_.begin(); it != known_.end(); ++it) {
    auto const& c = it->second;
    if (c.busy) continue;
    if (worst == known_.end() || c.rank() > worst->second.rank()) worst = it;
  }
  if (worst == known_.end() || fresh.rank() >= worst->second.rank()) return false;
  hopeful_ -= worst->second.hopeful() ? 1 : 0;
  known_.erase(worst);
  return true;
}

std::optional<peer_list::to_dial> peer_list::next(time_point now, may_dial const& ask) {
  auto best = known_.end();
  for (auto it = known_.begin(); it != known_.end(); ++it) {
    candidate const& c = it->second;
    if (c.busy || c.banned || c.not_before > now) continue;
    if (best != known_.end() && std::pair(c.failures, c.lot) >=
                                    std::pair(best->second.failures, best->second.lot))
      continue;
    if (ask(it->first.address)) best = it;
  }
  if (best == known_.end()) return std::nullopt;
  change(best, [](candidate& c) { c.busy = true; });
  candidate const& c = best->second;
  return to_dial{best->first, c.expected, c.failures == 0};
}

std::optional<ip_address> peer_list::waiting(time_point now) const {
  for (auto const& [at, c] : known_)
    if (c.hopeful() && c.not_before <= now) return at.address;
  return std::nullopt;
}

void peer_list::ended(endpoint e, errc why, time_point now) {
  auto it = known_.find(e);
  if (it == known_.end()) return; // it dialled us, from a port that is not its own
  change(it, [&](candidate& c) {
    c.busy = false;
    c.not_before = now + wait_after(why, c.failures);
    if (is_failure(why)) ++c.failures;
  });
}

void peer_list::retry_soon() {
  for (auto& [at, c] : known_) c.not_before = {};
}

void peer_list::worked(endpoint e) {
  if (auto it = known_.find(e); it != known_.end())
    change(it, [](candidate& c) { c.failures = 0; });
}

void peer_list::ban(endpoint e, peer_id const& id) {
  if (id != peer_id{}) banned_names_.insert({e.address, id});
  if (banned_endpoints_.insert(e).second) ++bans_from_[e.address];
  if (auto it = known_.find(e); it != known_.end())
    change(it, [](candidate& c) { c.banned = true; });
}

bool peer_list::has_any_left() const {
  return std::ranges::any_of(known_, [](auto const& k) { return !k.second.banned; });
}

bool peer_list::banned(endpoint const& e, peer_id const& id) const {
  if (banned_endpoints_.contains(e) || banned_names_.contains({e.address, id}))
    return true;
  auto from = bans_from_.find(e.address);
  return from != bans_from_.end() && from->second >= bans_that_condemn_an_address &&
         !e.address.is_loopback();
}

} // namespace cotorra::session
