// How fast bytes flow: counted in buckets of one second, so that adding costs a few
// nanoseconds and old seconds fall out by themselves. Small until the first byte flows.
#pragma once
#include "base/time.hpp"
#include <cstdint>
#include <vector>

namespace cotorra {

class rate_meter {
public:
  void add(std::uint64_t n, time_point now); // time does not run backwards

  // Bytes per second over the last 5 s, over the last 20 s, and over the last `window`
  // seconds, at most 20. A younger meter averages over its age, but over at least 1 s.
  double per_second(time_point now) const { return average(now, 5); }
  double smooth_per_second(time_point now) const { return average(now, 20); }
  double average(time_point now, std::int64_t window) const;
  std::uint64_t total() const { return total_; }

private:
  static constexpr std::int64_t buckets = 20;
  struct bucket {
    std::int64_t second = -1; // which one it counts
    std::uint64_t bytes = 0;
  };

  std::vector<bucket> ring_; // empty, or all of them
  std::uint64_t total_ = 0;
  time_point first_add_{};
};

} // namespace cotorra
