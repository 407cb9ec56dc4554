#include "cli/download_run.hpp"
#include "cli/sharing_run.hpp"
#include "cli/source.hpp"
#include "cli/verbs.hpp"

namespace cotorra::cli {

void add_download(command_line& program) {
  verb v = program.add("download",
                       "Fetch what a .torrent or a magnet link describes, and verify it");
  auto o = std::make_shared<download_options>();
  v.texts("FILE.torrent", o->sources,
          "a .torrent file, the http:// URL of one, or a magnet link; several are "
          "possible");
  v.text("-o,--output", o->folder, "the folder to download into (here if absent)");
  v.text("--select", o->select,
         "only these files, counted from 1: 1,3-5 (see cotorra show)");
  v.flag("--sequential", o->sequential,
         "first piece first, to watch it while it downloads");
  v.flag("--repair", o->repair,
         "existing files are this torrent's: fetch wrong pieces again, and cut files "
         "that are too long");
  v.flag("--overwrite", o->overwrite, "replace existing files that have other content");
  v.flag("--no-part", o->no_part, "do not add .part to the names of incomplete files");
  option const seed = v.flag("--seed", o->seed, "keep sharing when complete");
  add_goal_options(v, o->goal, &seed);
  v.texts("--tracker", o->trackers,
          "URL of a tracker to ask, besides those of the .torrent; may be given "
          "again");
  v.text("--watch", o->watch,
         "a folder: download each .torrent in it, and each that appears there, "
         "until stopped; what is complete is shared meanwhile");
  v.text("--on-complete", o->on_complete,
         "a shell command to run for each complete torrent, with COTORRA_NAME, "
         "COTORRA_PATH and COTORRA_INFO_HASH in its environment");
  add_sharing_options(v, *o);
  v.footer(
      "On a terminal: p pauses, r resumes, s prints the state, q quits; c cancels: it "
      "removes\nwhat is not complete from the session, and leaves its files.\n"
      "Pieces that are here are kept, so the same command goes on after a stop.\n\n"
      "Example:\n  cotorra download debian.torrent -o Downloads --select 1 --down-limit "
      "2M\n"
      "  cotorra download 'magnet:?xt=urn:btih:...&tr=http://...' -o Downloads\n"
      "  cotorra download a.torrent b.torrent --peer localhost:6882 --on-complete "
      "'echo $COTORRA_NAME'\n"
      "  cotorra download --watch Torrents -o Downloads --json");
  v.runs([o] {
    for (std::string& source : o->sources) source = without_file_scheme(source);
    return run_sharing<download_run>(*o);
  });
}

} // namespace cotorra::cli
