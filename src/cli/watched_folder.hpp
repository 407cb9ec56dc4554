// Watches a folder for .torrent files: --watch.
#pragma once
#include <filesystem>
#include <map>
#include <vector>

namespace cotorra::cli {

class watched_folder {
public:
  // Throws input_error when it is not a readable folder.
  explicit watched_folder(std::filesystem::path);

  // The files that are new or changed since the last look, sorted by name.
  std::vector<std::filesystem::path> look();

private:
  struct stamp {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type written;
    bool operator==(stamp const&) const = default;
  };

  std::filesystem::path const folder_;
  std::map<std::filesystem::path, stamp> seen_;
};

} // namespace cotorra::cli
