// Random choices that a seed repeats: the same seed makes the same swarm (std's
// distributions may differ from library to library, so `below` is our own).
#pragma once
#include "base/bytes.hpp"
#include <algorithm>
#include <random>

namespace cotorra {

class random_source {
public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t next() { return engine_(); }
  // 0 <= result < limit; limit must not be 0.
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  void fill(mutable_bytes out) {
    for (std::byte& b : out) b = static_cast<std::byte>(engine_());
  }
  template <class Range> void shuffle(Range& r) {
    for (std::size_t n = r.size(); n > 1; --n) std::swap(r[n - 1], r[below(n)]);
  }

private:
  std::mt19937_64 engine_;
};

} // namespace cotorra
