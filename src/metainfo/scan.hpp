// The files that a new torrent is to share: one file, or all that a folder holds.
#pragma once
#include "metainfo/create_wire.hpp"
#include <filesystem>

namespace cotorra {

struct scanned {
  std::string name;                         // of the file or folder
  std::vector<created_file> files;          // sorted by the bytes of their paths
  std::vector<std::filesystem::path> where; // on this disk, in the same order
  std::uint64_t total_length = 0;
  std::vector<std::string> warnings; // what a torrent cannot hold and was left out
};

// A link to a file inside the folder counts as that file; other links are left out. Empty
// folders cannot be told in a .torrent and are left out too. Throws input_error: nothing
// there, not readable, a special file (device, socket, pipe), nothing to share.
scanned scan(std::filesystem::path const&);

} // namespace cotorra
