#include "cli/download_run.hpp"
#include "cli/sharing_run.hpp"
#include "cli/verbs.hpp"

namespace cotorra::cli {

void add_download(CLI::App& app, int& status) {
  auto* verb =
      app.add_subcommand("download", "Fetch what a .torrent describes, and verify it");
  auto o = std::make_shared<download_options>();
  verb->add_option("FILE.torrent", o->sources,
                   "a .torrent file, or the http:// URL of one; several are possible");
  verb->add_option("-o,--output", o->folder,
                   "the folder to download into (here if absent)");
  verb->add_option("--select", o->select,
                   "only these files, counted from 1: 1,3-5 (see cotorra show)");
  verb->add_flag("--sequential", o->sequential,
                 "first piece first, to watch it while it downloads");
  verb->add_flag(
      "--repair", o->repair,
      "existing files are this torrent's: fetch wrong pieces again, and cut files "
      "that are too long");
  verb->add_flag("--overwrite", o->overwrite,
                 "replace existing files that have other content");
  verb->add_flag("--no-part", o->no_part,
                 "do not add .part to the names of incomplete files");
  verb->add_flag("--seed", o->seed, "keep sharing when complete");
  add_goal_options(*verb, o->goal, true);
  verb->add_option("--tracker", o->trackers,
                   "URL of a tracker to ask, besides those of the .torrent; may be given "
                   "again")
      ->allow_extra_args(false);
  verb->add_option("--watch", o->watch,
                   "a folder: download each .torrent in it, and each that appears there, "
                   "until stopped");
  verb->add_option("--on-complete", o->on_complete,
                   "a shell command to run for each complete torrent, with COTORRA_NAME, "
                   "COTORRA_PATH and COTORRA_INFO_HASH in its environment");
  add_sharing_options(*verb, *o);
  verb->footer(
      "On a terminal: p pauses, r resumes, s prints the state, q quits; c cancels: it "
      "removes\nwhat is not complete from the session, and leaves its files.\n"
      "Pieces that are here are kept, so the same command goes on after a stop.\n\n"
      "Example:\n  cotorra download debian.torrent -o Downloads --select 1 --down-limit "
      "2M\n"
      "  cotorra download a.torrent b.torrent --peer localhost:6882 --on-complete "
      "'echo $COTORRA_NAME'\n"
      "  cotorra download --watch Torrents -o Downloads --json");
  verb->callback([o, &status] { status = run_sharing<download_run>(*o); });
}

} // namespace cotorra::cli
