// One scrape: how many peers a tracker knows of some torrents.
#pragma once
#include "io/world.hpp"
#include "tracker/scrape_wire.hpp"
#include <string>
#include <vector>

namespace cotorra::cli {

struct scrape_arguments {
  std::string tracker;               // a URL, or a .torrent whose tracker is asked for it
  std::vector<std::string> torrents; // info_hashes and .torrent files
  std::string ca{}; // a file with authorities to believe, besides the system's
  bool json = false;
};

// Asks, prints, and returns the exit status. Throws input_error and protocol_error, one
// sentence.
task<int> scrape(io::world, scrape_arguments const&);

} // namespace cotorra::cli
