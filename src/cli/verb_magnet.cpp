#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/verbs.hpp"
#include "metainfo/magnet_wire.hpp"

namespace cotorra::cli {
namespace {

magnet link_to(metainfo const& torrent) {
  magnet link;
  link.hash = torrent.hash;
  link.name = torrent.name;
  for (auto const& tier : torrent.trackers)
    link.trackers.insert(link.trackers.end(), tier.begin(), tier.end());
  link.web_seeds = torrent.url_list;
  return link;
}

int print_link(std::string const& path, bool as_json) {
  magnet const link = link_to(read_torrent(path));
  std::string const text = write_magnet(link);
  if (as_json)
    say_json({{"magnet", text},
              {"info_hash", link.hash.hex()},
              {"name", link.name},
              {"trackers", link.trackers},
              {"web_seeds", link.web_seeds}});
  else
    say(text);
  return done;
}

} // namespace

void add_magnet(CLI::App& app, int& status) {
  CLI::App* const verb =
      app.add_subcommand("magnet", "Print the magnet link of a .torrent");
  auto const path = std::make_shared<std::string>();
  auto const as_json = std::make_shared<bool>(false);
  verb->add_option("FILE.torrent", *path, "The .torrent; - is the standard input")
      ->required();
  verb->add_flag("--json", *as_json, "Print facts as one JSON object");
  verb->footer("Example:\n  cotorra magnet holiday.torrent");
  verb->callback([path, as_json, &status] { status = print_link(*path, *as_json); });
}

} // namespace cotorra::cli
