// How long a complete torrent is shared: --ratio and --seed-time.
#pragma once
#include "base/time.hpp"
#include "session/torrent_status.hpp"

namespace CLI {
class App;
}

namespace cotorra::cli {

struct sharing_goal {
  double ratio = 0;   // uploaded to size; 0: no end
  double minutes = 0; // 0: no end

  // Whether either end is reached after sharing for that long.
  bool is_met(torrent_status const&, duration shared) const;
};

// `with_seed`: both need the option --seed.
void add_goal_options(CLI::App& verb, sharing_goal&, bool with_seed);

} // namespace cotorra::cli
