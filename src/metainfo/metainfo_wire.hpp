// The metainfo file, or .torrent (BEP 3; private BEP 27; files' attributes BEP 47):
// what is shared, in which pieces, and which trackers know the
// swarm.
#pragma once
#include "base/identifiers.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cotorra {

struct file_entry {
  std::vector<std::string> path; // safe, relative to the folder one downloads into; the
                                 // first element is the torrent's name
  std::uint64_t length = 0;
  std::uint64_t offset =
      0;                // where it begins in the bytes of all files, one after another
  bool padding = false; // BEP 47: zeros that only align the next file; never written.
                        // So is a link whose target is not in the torrent
  bool executable = false;
  bool hidden = false;
  std::vector<std::string> symlink; // not empty: it is a link (BEP 47) to this file or
                                    // folder of the torrent, written as `path` is
  std::string md5sum;

  std::string path_text() const; // joined by '/'
};

struct metainfo {
  info_hash hash;
  std::string name;
  std::uint32_t piece_length = 0;
  std::uint64_t total_length = 0;
  std::vector<sha1_digest> pieces;
  bool is_private = false;
  bool is_multi_file = false;
  std::vector<file_entry> files;

  std::vector<std::vector<std::string>> trackers; // tiers (BEP 12)
  std::string comment, created_by, encoding, source;
  std::optional<std::int64_t> creation_date;                // seconds since 1970
  std::vector<std::string> url_list, http_seeds;            // BEP 19, BEP 17
  std::vector<std::pair<std::string, std::uint16_t>> nodes; // BEP 5: host, port
  std::vector<std::string> warnings; // what we changed or left out, for a person
  buffer info;                       // the raw info dictionary, as received

  // The last piece may be shorter than the others.
  std::uint32_t size_of(piece_index i) const {
    std::uint64_t const begin = std::uint64_t{i} * piece_length;
    std::uint64_t const rest = total_length - begin;
    return rest < piece_length ? static_cast<std::uint32_t>(rest) : piece_length;
  }
};

// Beyond what real torrents need (60 MB, 170,000 files). A torrent takes memory in
// proportion to its own bytes.
struct metainfo_limits {
  std::size_t bytes = 100 * 1024 * 1024;
  std::size_t values = 16'000'000; // of bencode, and their ends
  std::size_t files = 1'000'000;
  std::size_t pieces = 5'000'000;
  std::size_t path_bytes = 4095; // of one path with its slashes: what Linux can open
  std::uint32_t piece_length = 512 * 1024 * 1024;
  std::size_t addresses = 1000; // trackers, web seeds, nodes, each: the rest is left out
};

// Both throw input_error, one sentence: what is wrong, at which byte, what to do. The
// info-hash is the SHA-1 of the info dictionary as received, never of one written anew;
// so what BEP 3 forbids and does no harm is read all the same, with a warning.
metainfo read_metainfo(bytes torrent, metainfo_limits const& = {});
// Only the info dictionary, as peers send it for a magnet link (BEP 9).
metainfo read_info(bytes info, metainfo_limits const& = {});

} // namespace cotorra
