#include "cli/runtime.hpp"
#include "cli/scrape_run.hpp"
#include "cli/verbs.hpp"

namespace cotorra::cli {

void add_scrape(command_line& program) {
  verb v = program.add("scrape", "Ask a tracker how many peers some torrents have");
  auto const a = std::make_shared<scrape_arguments>();
  v.text("URL", a->tracker,
         "The tracker's announce URL; or a FILE.torrent, and its tracker is asked")
      .required();
  v.texts("TORRENT", a->torrents, "The torrents: INFO_HASH or FILE.torrent");
  v.text("--ca", a->ca,
         "Certificates (PEM) of authorities to believe for a tracker over https");
  v.flag("--json", a->json, "Print facts as one JSON object");
  v.footer("Nothing is announced: the tracker lists us nowhere.\n\n"
           "Example:\n  cotorra scrape udp://tracker.example:6969/announce "
           "holiday.torrent\n  cotorra scrape holiday.torrent --json");
  v.runs([a] {
    io::real_world world;
    return run_task(world, scrape(world.doors(), *a));
  });
}

} // namespace cotorra::cli
