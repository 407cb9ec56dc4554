// Finds the files for a new torrent: one file, or everything in a folder.
#pragma once
#include "metainfo/create_wire.hpp"
#include <filesystem>

namespace cotorra::metainfo {

struct scan_options {
  // Shell patterns with * ? [ ]. A pattern with a '/' is compared with the path below the
  // folder, any other with the names of files and folders at any depth. A folder that
  // matches is left out with everything in it.
  std::vector<std::string> exclude;
  bool litter =
      false; // include what file managers leave behind: .DS_Store, Thumbs.db ...
};

struct scanned {
  std::string name;                         // of the file or folder
  std::vector<created_file> files;          // sorted by the bytes of their paths
  std::vector<std::filesystem::path> where; // on this disk, in the same order
  std::uint64_t total_length = 0;
  std::vector<std::string> warnings; // what was left out, or may surprise the user
};

// A link to a file or folder inside becomes a link in the torrent (BEP 47), so that no
// bytes are shared twice; other links are left out. So are empty folders, which a
// .torrent cannot express. Throws input_error: nothing is there, files cannot be read, a
// special file (device, socket, pipe), nothing to share.
scanned scan(std::filesystem::path const&, scan_options const& = {});

} // namespace cotorra::metainfo
