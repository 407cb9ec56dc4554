// The metainfo file, or .torrent (BEP 3; private torrents BEP 27; file attributes BEP
// 47): what is shared, in which pieces, and which trackers know the swarm.
#pragma once
#include "base/identifiers.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cotorra::metainfo {

struct file_entry {
  std::vector<std::string> path; // safe, below the download folder; the first element is
                                 // the torrent's name
  std::uint64_t length = 0;
  std::uint64_t offset = 0; // where the file begins in the torrent
  bool padding = false;     // BEP 47: zeros that only align the next file; never written.
                            // Also a link whose target is not in the torrent
  bool executable = false;
  bool hidden = false;
  std::vector<std::string> symlink; // if not empty, a link (BEP 47) to this file or
                                    // folder of the torrent, in the form of `path`
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
  std::vector<std::string> warnings; // for the user: what we changed or left out
  buffer info;                       // the raw info dictionary, as received

  // The last piece may be shorter than the others.
  std::uint32_t size_of(piece_index i) const {
    std::uint64_t const begin = std::uint64_t{i} * piece_length;
    std::uint64_t const rest = total_length - begin;
    return rest < piece_length ? static_cast<std::uint32_t>(rest) : piece_length;
  }
};

// More than real torrents need (60 MB, 170,000 files). Memory grows in proportion to the
// bytes of the .torrent.
struct limits {
  std::size_t bytes = 100 * 1024 * 1024;
  std::size_t values = 16'000'000; // bencoded values, and the ends of lists
  std::size_t files = 1'000'000;
  std::size_t pieces = 5'000'000;
  std::size_t path_bytes = 4095; // of one path with its slashes: the most Linux can open
  std::uint32_t piece_length = 512 * 1024 * 1024;
  std::size_t addresses = 1000; // of trackers, web seeds, nodes each; we drop the rest
};

// Both throw input_error, one sentence: what is wrong, at which byte, what to do. The
// info_hash is the SHA-1 of the info dictionary as received, never of a re-encoded one.
// So harmless violations of BEP 3 only cause a warning.
metainfo decode(bytes torrent, limits const& = {});
// Only the info dictionary, as peers send it for a magnet link (BEP 9).
metainfo decode_info(bytes info, limits const& = {});

} // namespace cotorra::metainfo
