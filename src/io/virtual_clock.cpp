#include "io/virtual_clock.hpp"
#include <algorithm>

namespace cotorra::io {

task<> virtual_clock::sleep_until(time_point t) {
  if (t <= now_) t = now_; // still lets other coroutines run first, as a real timer would
  struct bed {
    std::multimap<time_point, event>& all;
    std::multimap<time_point, event>::iterator self;
    ~bed() { all.erase(self); }
  };
  bed const mine{sleepers_, sleepers_.emplace(t, executor_)};
  if (t <= now_) mine.self->second.set();
  co_await mine.self->second.wait();
}

std::optional<time_point> virtual_clock::next() const {
  for (auto const& [t, sleeper] : sleepers_)
    if (!sleeper.is_set()) return t;
  return std::nullopt;
}

void virtual_clock::advance_to(time_point t) {
  now_ = std::max(now_, t);
  for (auto it = sleepers_.begin(); it != sleepers_.end() && it->first <= now_; ++it)
    it->second.set();
}

} // namespace cotorra::io
