// What is to happen when. At the same time, first in is first out.
#pragma once
#include "base/time.hpp"
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace cotorra::io {

class event_queue {
public:
  void at(time_point when, std::function<void()> what) {
    heap_.push_back({when, number_++, std::move(what)});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
  std::optional<time_point> next() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().when;
  }
  // Takes the earliest out; there must be one.
  std::function<void()> take() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    auto what = std::move(heap_.back().what);
    heap_.pop_back();
    return what;
  }
  // Forgets all; destroying them may add more.
  void clear() {
    while (!heap_.empty()) take();
  }

private:
  struct entry {
    time_point when;
    std::uint64_t number;
    std::function<void()> what;
  };
  static bool later(entry const& a, entry const& b) {
    return a.when != b.when ? a.when > b.when : a.number > b.number;
  }

  std::vector<entry> heap_;
  std::uint64_t number_ = 0;
};

} // namespace cotorra::io
