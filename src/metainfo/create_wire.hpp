// Writes a .torrent (BEP 3): the same options and files always give the same bytes.
#pragma once
#include "base/identifiers.hpp"
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cotorra::metainfo {

struct create_options {
  std::string name;               // of the file, or of the folder that holds all files
  std::uint32_t piece_length = 0; // bytes; see choose_piece_length()
  std::vector<std::vector<std::string>> trackers; // tiers (BEP 12); may be empty
  std::string comment, created_by, source;        // empty: not written
  std::optional<std::int64_t> creation_date;      // seconds since 1970
  bool is_private = false;                        // BEP 27
  std::vector<std::string> url_list;              // web seeds (BEP 19)
};

struct created_file {
  std::vector<std::string> path; // below the folder; empty: the torrent is this one file
  std::uint64_t length = 0;
  bool executable = false;               // BEP 47
  std::vector<std::string> symlink = {}; // BEP 47: if not empty, a link to this path
                                         // below the folder; the length is then 0
};

// pieces: the hashes of all pieces, in order. Throws input_error when the arguments do
// not fit together (no file, no name, a wrong number of hashes ...).
buffer encode(create_options const&, std::span<created_file const>,
              std::span<sha1_digest const> pieces);

// A power of two from 16 KiB to 16 MiB, for 1,000 to 2,000 pieces if possible.
std::uint32_t choose_piece_length(std::uint64_t total_length);

// The number of pieces; the last may be shorter.
std::uint64_t count_pieces(std::uint64_t total_length, std::uint32_t piece_length);

} // namespace cotorra::metainfo
