// What the fuzz targets share. A target is one function, target(bytes): libFuzzer calls
// it with bytes of its own making and keeps those that reach new code. What counts as a
// finding: a demand that does not hold, an exception that escapes, a sanitizer's report.
#pragma once
#include "base/bytes.hpp"
#include "base/error.hpp"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace cotorra::fuzz {

void target(bytes);

inline void demand(bool holds, char const* sentence) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", sentence);
  std::abort();
}

// What f gives; nothing when the input was refused, which is what most of it deserves.
// Any other exception is a finding.
template <class Refusal = protocol_error, class F> auto unless_refused(F f)
    -> std::optional<decltype(f())> {
  try {
    return f();
  } catch (Refusal const& e) {
    demand(*e.what() != '\0', "who refuses says why");
    return std::nullopt;
  }
}

// Takes the input apart: a decision or two from its front, the rest is data.
class choices {
public:
  explicit choices(bytes all) : rest_(all) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    auto const b = std::to_integer<std::uint8_t>(rest_[0]);
    rest_ = rest_.subspan(1);
    return b;
  }
  bytes take(std::size_t n) {
    bytes const first = rest_.first(std::min(n, rest_.size()));
    rest_ = rest_.subspan(first.size());
    return first;
  }
  bytes rest() const { return rest_; }

private:
  bytes rest_;
};

// Calls give(part) with all of the bytes, in parts whose sizes `seed` decides.
template <class Give> void in_parts(bytes all, std::uint8_t seed, Give give) {
  unsigned state = seed;
  while (!all.empty()) {
    state = state * 37 + 11;
    std::size_t const size = std::min<std::size_t>(1 + state / 8 % 23, all.size());
    give(all.first(size));
    all = all.subspan(size);
  }
}

} // namespace cotorra::fuzz

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  cotorra::fuzz::target(std::as_bytes(std::span(data, size)));
  return 0;
}
