// What a tracker says is told when it is new, and now and then: one that finds another
// warning every five seconds fills neither memory nor the screen. A machine.
#pragma once
#include "base/time.hpp"
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace cotorra::cli {

class tracker_news {
public:
  // Of each tracker: so many texts are told as they come, then one in each pause.
  tracker_news(std::size_t at_once, duration pause) : at_once_(at_once), pause_(pause) {}

  // Whether to tell this text now; then it counts as told.
  bool is_news(std::string const& url, std::string_view text, time_point now);

private:
  struct told {
    std::set<std::size_t> texts; // their hashes
    std::size_t count = 0;
    time_point last{};
  };

  std::size_t const at_once_;
  duration const pause_;
  std::map<std::string, told> trackers_;
};

} // namespace cotorra::cli
