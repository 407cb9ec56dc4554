#include "cli/arguments.hpp"
#include "cli/listening.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "tracker_server/http_face_talk.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

struct tracker_arguments {
  std::vector<std::string> listen{"127.0.0.1:6969"};
  std::uint32_t interval = 30 * 60;
  bool json = false;
};

void sum_up(tracker_server::server const& tracker, bool as_json) {
  auto const count = tracker.count();
  std::uint64_t completed = 0;
  for (auto const& swarm : tracker.swarms().stats()) completed += swarm.completed;
  if (as_json)
    say_json({{"announces", count.announces},
              {"refused", count.refused},
              {"swarms", tracker.swarms().size()},
              {"peers", tracker.swarms().peers()},
              {"completed", completed}});
  else
    say(fmt::format("{} answered, {} refused; {} and {} at the end; {} completed",
                    count_of(count.announces, "announce"), human_count(count.refused),
                    count_of(tracker.swarms().size(), "swarm"),
                    count_of(tracker.swarms().peers(), "peer"),
                    count_of(completed, "download")));
}

std::unique_ptr<tracker_server::server> open_tracker(io::world world,
                                                     tracker_arguments const& a) {
  tracker_server::options options;
  for (std::string const& place : a.listen)
    options.also.push_back(parse_endpoint(place, loopback()));
  options.listen = options.also.front();
  options.also.erase(options.also.begin());
  auto& limits = options.limits;
  limits.interval = std::chrono::seconds(a.interval);
  limits.min_interval = std::min(limits.min_interval, limits.interval);
  try {
    return std::make_unique<tracker_server::server>(world, options);
  } catch (std::system_error const& e) {
    explain_listening(options.listen, e);
  }
}

int run_tracker(tracker_arguments const& a) {
  io::real_world world;
  auto const tracker = open_tracker(world.doors(), a);
  std::string line;
  for (endpoint const& at : tracker->all_local()) {
    std::string const url = tracker_server::server::announce_url(host_for(at), at.port);
    line += line.empty() ? "" : "\n";
    line += a.json ? to_line({{"tracker", url}}) : "tracker: " + url;
  }
  run_until_interrupted(world, tracker->run(), line);
  sum_up(*tracker, a.json);
  return done;
}

} // namespace

void add_tracker(command_line& program) {
  verb v = program.add("tracker", "Run a tracker until Ctrl-C");
  auto const a = std::make_shared<tracker_arguments>();
  v.texts("--listen", a->listen,
          "ADDRESS:PORT, or a PORT of 127.0.0.1; port 0 takes any free one. "
          "May be given again; [::]:PORT is all of IPv6 and IPv4")
      .shows_default();
  v.whole("--interval", a->interval,
          "Seconds between two announces of a peer, 5 to 86400", 5, 24 * 60 * 60)
      .shows_default();
  v.flag("--json", a->json, "Print facts as JSON objects, one a line");
  v.footer("Example:\n  cotorra tracker --listen [::]:6969");
  v.runs([a] { return run_tracker(*a); });
}

} // namespace cotorra::cli
