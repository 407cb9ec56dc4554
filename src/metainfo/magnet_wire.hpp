// Magnet links (BEP 9; BEP 53 for so=): a torrent's info_hash, and where to ask for the
// rest.
#pragma once
#include "base/identifiers.hpp"
#include <string>
#include <vector>

namespace cotorra::metainfo {

struct magnet {
  struct file_range { // file indices, both included
    std::uint32_t first = 0, last = 0;
    bool operator==(file_range const&) const = default;
  };

  info_hash hash;                      // xt=urn:btih:
  std::string name;                    // dn=, may be empty; not safe as a file name
  std::vector<std::string> trackers;   // tr=
  std::vector<std::string> peers;      // x.pe=, host:port
  std::vector<std::string> web_seeds;  // ws=
  std::vector<file_range> select_only; // so=, empty: all files

  bool operator==(magnet const&) const = default;
};

// The info_hash is 40 hex digits or 32 base32 digits. Skips unknown keys. Throws
// input_error, one sentence.
magnet decode_magnet(std::string_view);
std::string encode(magnet const&);

// The .torrent of a link whose info dictionary is known: with its trackers, each a tier,
// and its web seeds.
buffer torrent_of(magnet const&, bytes info);

} // namespace cotorra::metainfo
