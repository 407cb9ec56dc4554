// The files that the program itself reads or writes beside its torrents: each .torrent, a
// trace and a capture. No torrent may have one of them among its files, or would write to
// it. A file may have many names, so it is known by its identity on the disk. Each is
// looked at only once, even for many torrents.
#pragma once
#include "piece/file_stamp.hpp"
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cotorra::cli {

class own_files {
public:
  void add(std::filesystem::path const&); // if there is one

  // Throws file_error when a file of the torrent, below the root, is one of them.
  void check_not_in(std::filesystem::path const& root,
                    std::vector<std::string> const& content) const;

private:
  std::map<piece::file_identity, std::filesystem::path> known_;
};

} // namespace cotorra::cli
