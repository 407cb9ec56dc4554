#include "cli/announce_run.hpp"
#include "cli/arguments.hpp"
#include "cli/runtime.hpp"
#include "cli/usage.hpp"
#include "cli/verbs.hpp"
#include "io/real_world.hpp"
#include <limits>

namespace cotorra::cli {
namespace {

void add_options(CLI::App& verb, announce_options& a) {
  verb.add_option("FILE.torrent", a.torrent, "The .torrent to ask peers for")->required();
  verb.add_option("--tracker", a.tracker,
                  "URL of a tracker to ask instead of the .torrent's");
  verb.add_option("--port", a.port, "The port that we claim to listen on")
      ->transform(whole_number(1, 65535))
      ->capture_default_str();
  verb.add_option(
          "--event", a.event,
          "The event to announce. If absent: started, and after the answer stopped, "
          "so that no peer is sent to one that has left. Ctrl-C before the answer "
          "announces stopped in any case")
      ->check(CLI::IsMember({"none", "started", "completed", "stopped"}));
  verb.add_option("--left", a.left, "Bytes that we lack; all of them if absent")
      ->transform(whole_number(0, std::numeric_limits<std::int64_t>::max()));
  verb.add_option("--numwant", a.numwant, "How many peers to ask for")
      ->transform(whole_number(0, std::numeric_limits<std::uint32_t>::max()))
      ->capture_default_str();
  verb.add_flag("--no-compact", a.no_compact, "Ask for peers as dictionaries, with ids");
  verb.add_flag("--json", a.json, "Print facts as one JSON object");
}

} // namespace

void add_announce(CLI::App& app, int& status) {
  CLI::App* const verb = app.add_subcommand("announce", "Ask a tracker for peers, once");
  auto const a = std::make_shared<announce_options>();
  add_options(*verb, *a);
  verb->footer("Example:\n  cotorra announce holiday.torrent --numwant 10");
  verb->callback([a, &status] {
    io::real_world world;
    announce_run run(world.doors(), *a);
    status = run_task(world, run.run(), [&run] { run.interrupt(); });
  });
}

} // namespace cotorra::cli
