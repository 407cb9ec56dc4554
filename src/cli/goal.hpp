// How long to share a complete torrent: --ratio and --seed-time.
#pragma once
#include "base/time.hpp"
#include "session/torrent_status.hpp"

namespace CLI {
class App;
}

namespace cotorra::cli {

struct sharing_goal {
  double ratio = 0;   // uploaded bytes divided by the size; 0: no limit
  double minutes = 0; // 0: no limit

  // Has either limit been reached, after sharing for this long?
  bool is_met(session::torrent_status const&, duration shared) const;
};

// with_seed: both options require --seed.
void add_goal_options(CLI::App& verb, sharing_goal&, bool with_seed);

} // namespace cotorra::cli
