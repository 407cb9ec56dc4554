#include "cli/announce_run.hpp"
#include "cli/arguments.hpp"
#include "cli/runtime.hpp"
#include "cli/verbs.hpp"
#include "io/real_world.hpp"
#include <limits>

namespace cotorra::cli {
namespace {

void add_options(verb& v, announce_options& a) {
  v.text("FILE.torrent", a.torrent, "The .torrent to ask peers for").required();
  v.text("--tracker", a.tracker, "URL of a tracker to ask instead of the .torrent's");
  v.whole("--port", a.port, "The port that we claim to listen on", 1, 65535)
      .shows_default();
  v.text("--event", a.event,
         "The event to announce. If absent: started, and after the answer stopped, "
         "so that no peer is sent to one that has left. Ctrl-C announces "
         "stopped once the tracker was asked")
      .one_of({"none", "started", "completed", "stopped"});
  v.whole("--left", a.left, "Bytes that we lack; all of them if absent", 0,
          std::numeric_limits<std::int64_t>::max());
  v.whole("--numwant", a.numwant, "How many peers to ask for", 0,
          std::numeric_limits<std::uint32_t>::max())
      .shows_default();
  v.flag("--no-compact", a.no_compact, "Ask for peers as dictionaries, with ids");
  v.text("--ca", a.ca,
         "Certificates (PEM) of authorities to believe for a tracker over https");
  v.flag("--json", a.json, "Print facts as one JSON object");
}

} // namespace

void add_announce(command_line& program) {
  verb v = program.add("announce", "Ask a tracker for peers, once");
  auto const a = std::make_shared<announce_options>();
  add_options(v, *a);
  v.footer("Example:\n  cotorra announce holiday.torrent --numwant 10");
  v.runs([a] {
    io::real_world world;
    announce_run run(world.doors(), *a);
    return run_task(world, run.run(), [&run] { run.interrupt(); });
  });
}

} // namespace cotorra::cli
