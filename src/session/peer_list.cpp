#include "session/peer_list.hpp"
#include <algorithm>

namespace cotorra {
namespace {

constexpr unsigned bans_that_condemn_an_address = 3;
constexpr unsigned failures_of_the_hopeless = 3;

// 3 s, 6 s, 12 s ... half an hour. A torrent that is no longer there, or ourselves, won't
// change soon.
duration wait_after(errc why, unsigned failures) {
  if (why == errc::shut_down) return 0s; // we left, for a pause: it may have us back
  if (why == errc::own_peer_id || why == errc::wrong_info_hash ||
      why == errc::both_complete || why == errc::idle_for_long)
    return std::chrono::minutes(30);
  return std::min<duration>(3s * (1u << std::min(failures, 10u)),
                            std::chrono::minutes(30));
}

// That we left is no failure of the other side.
bool is_failure(errc why) { return why != errc::shut_down; }

} // namespace

bool peer_list::add(endpoint e) {
  if (e.port == 0 || e.address.is_unspecified() || banned(e, {})) return false;
  if (known_.size() >= most_known && !known_.contains(e) && !forget_a_failure())
    return false;
  return known_.try_emplace(e).second;
}

// Room for a new one: whoever failed most goes.
bool peer_list::forget_a_failure() {
  auto worst = known_.end();
  for (auto it = known_.begin(); it != known_.end(); ++it) {
    auto const& c = it->second;
    if (c.busy || c.failures == 0) continue;
    if (worst == known_.end() || c.failures > worst->second.failures) worst = it;
  }
  if (worst == known_.end()) return false;
  known_.erase(worst);
  return true;
}

std::optional<endpoint> peer_list::next(time_point now, may_dial const& ask) {
  auto best = known_.end();
  for (auto it = known_.begin(); it != known_.end(); ++it) {
    auto const& c = it->second;
    if (c.busy || c.not_before > now || banned_endpoints_.contains(it->first)) continue;
    if (best != known_.end() && c.failures >= best->second.failures) continue;
    if (ask(it->first.address, c.failures < failures_of_the_hopeless)) best = it;
  }
  if (best == known_.end()) return std::nullopt;
  best->second.busy = true;
  return best->first;
}

std::size_t peer_list::to_dial() const {
  auto const hopeful = [this](auto const& each) {
    auto const& [at, c] = each;
    return !c.busy && c.failures < failures_of_the_hopeless &&
           !banned_endpoints_.contains(at);
  };
  return static_cast<std::size_t>(std::ranges::count_if(known_, hopeful));
}

void peer_list::ended(endpoint e, errc why, time_point now) {
  auto it = known_.find(e);
  if (it == known_.end()) return; // it came by itself, from a port nobody listens on
  candidate& c = it->second;
  c.busy = false;
  c.not_before = now + wait_after(why, c.failures);
  if (is_failure(why)) ++c.failures;
}

void peer_list::worked(endpoint e) {
  if (auto it = known_.find(e); it != known_.end()) it->second.failures = 0;
}

void peer_list::ban(endpoint e, peer_id const& id) {
  if (id != peer_id{}) banned_names_.insert({e.address, id});
  if (banned_endpoints_.insert(e).second) ++bans_from_[e.address];
}

bool peer_list::banned(endpoint const& e, peer_id const& id) const {
  if (banned_endpoints_.contains(e) || banned_names_.contains({e.address, id}))
    return true;
  auto from = bans_from_.find(e.address);
  return from != bans_from_.end() && from->second >= bans_that_condemn_an_address &&
         !e.address.is_loopback();
}

} // namespace cotorra
