// Decides which messages of a tracker to print: the new ones, and not too many, so that a
// tracker with a different warning every five seconds fills neither memory nor the
// screen. A machine.
#pragma once
#include "base/time.hpp"
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace cotorra::cli {

class tracker_news {
public:
  // For each tracker: the first `at_once` texts pass at once, then one per pause.
  tracker_news(std::size_t at_once, duration pause) : at_once_(at_once), pause_(pause) {}

  // Should this text be printed now? If so, it counts as printed.
  bool is_news(std::string const& url, std::string_view text, time_point now);

private:
  struct printed {
    std::set<std::size_t> texts; // their hashes
    std::size_t count = 0;
    time_point last{};
  };

  std::size_t const at_once_;
  duration const pause_;
  std::map<std::string, printed> trackers_;
};

} // namespace cotorra::cli
