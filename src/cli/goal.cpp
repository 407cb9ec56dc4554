#include "cli/goal.hpp"
#include "cli/command_line.hpp"

namespace cotorra::cli {

bool sharing_goal::is_met(session::torrent_status const& s, duration shared) const {
  double const up = static_cast<double>(s.total_payload_upload);
  double const size = static_cast<double>(s.total_wanted);
  bool const enough_given = ratio > 0 && up >= ratio * size;
  return enough_given || (minutes > 0 && seconds(shared) >= minutes * 60);
}

void add_goal_options(verb& v, sharing_goal& goal, option const* seed) {
  std::string const when = seed ? "with --seed: " : "";
  option ratio = v.decimal("--ratio", goal.ratio,
                           when + "until the upload is this many times the size; "
                                  "0: no limit");
  option time =
      v.decimal("--seed-time", goal.minutes, when + "for this many minutes; 0: no limit");
  if (!seed) return;
  ratio.needs(*seed);
  time.needs(*seed);
}

} // namespace cotorra::cli
