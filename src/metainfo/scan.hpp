// The files that a new torrent is to share: one file, or all that a folder holds.
#pragma once
#include "metainfo/create_wire.hpp"
#include <filesystem>

namespace cotorra {

struct scan_options {
  // Shell patterns with * ? [ ]. One with a '/' is compared with the path below the
  // folder, any other with the name of each file and folder at any depth. A folder that
  // matches is left out with all that is in it.
  std::vector<std::string> exclude;
  bool litter = false; // take what file managers leave behind: .DS_Store, Thumbs.db ...
};

struct scanned {
  std::string name;                         // of the file or folder
  std::vector<created_file> files;          // sorted by the bytes of their paths
  std::vector<std::filesystem::path> where; // on this disk, in the same order
  std::uint64_t total_length = 0;
  std::vector<std::string> warnings; // what was left out, or may surprise the user
};

// A link to a file or folder inside becomes a link of the torrent (BEP 47), and no bytes
// of it are shared twice; other links are left out. Empty folders cannot be told in a
// .torrent and are left out too. Throws input_error: nothing there, files that cannot be
// read, a special file (device, socket, pipe), nothing to share.
scanned scan(std::filesystem::path const&, scan_options const& = {});

} // namespace cotorra
