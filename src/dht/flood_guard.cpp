#include "dht/flood_guard.hpp"
#include "dht/owner.hpp"
#include <algorithm>

namespace cotorra::dht {

bool flood_guard::hears(ip_address const& sender, time_point now) {
  if (!limits_.on) return true;
  count& c = count_of(owner_of(sender), now);
  if (now - c.since >= window) {
    c.since = now;
    c.datagrams = 0;
  }
  if (c.datagrams < limits_.flood) ++c.datagrams;
  if (c.datagrams == limits_.flood) c.blocked_until = now + blocked_for;
  return now >= c.blocked_until && c.datagrams <= limits_.heard;
}

bool flood_guard::blocks(ip_address const& sender, time_point now) const {
  auto const it = seen_.find(owner_of(sender));
  return it != seen_.end() && now < it->second.blocked_until;
}

flood_guard::count& flood_guard::count_of(ip_address const& owner, time_point now) {
  if (auto const it = seen_.find(owner); it != seen_.end()) return it->second;
  if (now - swept_ >= window) forget_idle(now);
  if (seen_.size() >= limits_.owners) forget_least();
  return seen_.emplace(owner, count{now}).first->second;
}

void flood_guard::forget_idle(time_point now) {
  expire(now);
  swept_ = now;
}

void flood_guard::forget_least() {
  auto const least = std::ranges::min_element(seen_, {}, [](auto const& s) {
    return std::pair(s.second.blocked_until, s.second.datagrams);
  });
  seen_.erase(least);
}

} // namespace cotorra::dht
