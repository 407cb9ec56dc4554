// The .torrent files that appear in a folder: --watch.
#pragma once
#include <filesystem>
#include <map>
#include <vector>

namespace cotorra::cli {

class watched_folder {
public:
  // Throws input_error when it is no folder that can be read.
  explicit watched_folder(std::filesystem::path);

  // Those that are new or have changed since the last look, in the order of their names.
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
