#include "cli/goal.hpp"
#include "cli/usage.hpp"
#include <CLI/CLI.hpp>

namespace cotorra::cli {

bool sharing_goal::is_met(session::torrent_status const& s, duration shared) const {
  double const up = static_cast<double>(s.total_payload_upload);
  double const size = static_cast<double>(s.total_wanted);
  bool const enough_given = ratio > 0 && up >= ratio * size;
  return enough_given || (minutes > 0 && seconds(shared) >= minutes * 60);
}

void add_goal_options(CLI::App& verb, sharing_goal& goal, bool with_seed) {
  std::string const when = with_seed ? "with --seed: " : "";
  auto* const ratio =
      verb.add_option("--ratio", goal.ratio,
                      when + "until the upload is this many times the size; "
                             "0: no limit");
  auto* const time = verb.add_option("--seed-time", goal.minutes,
                                     when + "for this many minutes; 0: no limit");
  for (CLI::Option* const option : {ratio, time}) {
    option->transform(decimal_number());
    if (with_seed) option->needs("--seed");
  }
}

} // namespace cotorra::cli
