// How long to share a complete torrent: --ratio and --seed-time.
#pragma once
#include "base/time.hpp"
#include "cli/command_line.hpp"
#include "session/torrent_status.hpp"

namespace cotorra::cli {

struct sharing_goal {
  double ratio = 0;   // uploaded bytes divided by the size; 0: no limit
  double minutes = 0; // 0: no limit

  // Has either limit been reached, after sharing for this long?
  bool is_met(session::torrent_status const&, duration shared) const;
};

// `seed`: the option that both need, if any.
void add_goal_options(verb&, sharing_goal&, option const* seed);

} // namespace cotorra::cli
