#include "cli/metadata_run.hpp"
#include "cli/runtime.hpp"
#include "cli/verbs.hpp"

namespace cotorra::cli {

void add_metadata(command_line& program) {
  verb v = program.add("metadata", "Get the .torrent of a magnet link from its peers");
  auto const o = std::make_shared<metadata_options>();
  v.text("MAGNET", o->link, "The magnet link, in quotes").required();
  v.text("-o,--output", o->output, "The .torrent to write (NAME.torrent here if absent)");
  v.flag("--force", o->force, "Replace the .torrent if it exists");
  v.texts(
      "--peer", o->peers,
      "HOST:PORT of a peer to ask, besides those of the link and of its trackers; may "
      "be given again");
  v.texts("--tracker", o->trackers,
          "URL of a tracker to ask, besides those of the link; may be given again");
  v.text("--listen", o->listen,
         "[ADDRESS:]PORT where peers reach us (6881-6889 if absent, IPv4 and IPv6)");
  add_dht_options(v, *o);
  v.flag("--local-trackers", o->local_trackers,
         "For labs: ask trackers in our own network at any path");
  v.text("--ca", o->ca,
         "Certificates (PEM) of authorities to believe for trackers over https");
  v.flag("--json", o->json, "Print facts as one JSON object");
  v.footer("Peers send the info dictionary (BEP 9), and its SHA-1 must be the link's "
           "info_hash.\nNothing of the content is downloaded.\n\n"
           "Example:\n  cotorra metadata 'magnet:?xt=urn:btih:...&tr=http://...' -o "
           "holiday.torrent");
  v.runs([o] {
    io::real_world world;
    metadata_run run(world.doors(), *o);
    return run_task(world, run.run(), [&run] { run.interrupt(); });
  });
}

} // namespace cotorra::cli
