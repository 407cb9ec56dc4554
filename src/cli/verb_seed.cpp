#include "cli/seed_run.hpp"
#include "cli/sharing_run.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

void check_options(seed_options const& o) {
  if (o.more.size() % 2 != 0)
    throw usage_error(
        fmt::format("{}: give a PATH after each .torrent", sanitise(o.more.back())));
  if (!o.share.empty() && !o.more.empty())
    throw usage_error("--share counts the pieces of one torrent: name one only");
}

} // namespace

void add_seed(command_line& program) {
  verb v = program.add("seed", "Check files, then share them");
  auto o = std::make_shared<seed_options>();
  v.text("FILE.torrent", o->torrent, "the .torrent file").required();
  v.text("PATH", o->path, "the shared file or folder, or the folder that holds it")
      .required();
  v.texts("MORE", o->more, "further pairs of FILE.torrent and PATH");
  v.text("--share", o->share,
         "offer these pieces only, counted from 0: 0-43,50 (for a lab: "
         "a seeder that has only a part)");
  add_goal_options(v, o->goal, nullptr);
  add_sharing_options(v, *o);
  v.footer(
      "Shares until Ctrl-C, or until --ratio or --seed-time is met for each torrent.\n"
      "On a terminal: p pauses, r resumes, s prints the state, q or c quits.\n\n"
      "Example:\n  cotorra seed debian.torrent Downloads --up-limit 1M\n"
      "  cotorra seed a.torrent Downloads b.torrent /srv/b");
  v.runs([o] {
    check_options(*o);
    return run_sharing<seed_run>(*o);
  });
}

} // namespace cotorra::cli
