#include "cli/watched_folder.hpp"
#include "base/error.hpp"
#include "cli/text.hpp"
#include <fmt/format.h>

namespace cotorra::cli {

namespace fs = std::filesystem;

watched_folder::watched_folder(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::directory_iterator(folder_, error);
  if (error)
    throw input_error(fmt::format("--watch {}: no folder can be read there ({})",
                                  sanitise(folder_.string()), error.message()));
}

std::vector<fs::path> watched_folder::look() {
  std::map<fs::path, stamp> now;
  std::error_code error;
  for (auto at = fs::directory_iterator(folder_, error);
       !error && at != fs::directory_iterator(); at.increment(error)) {
    std::error_code unreadable;
    if (at->path().extension() != ".torrent") continue;
    if (!at->is_regular_file(unreadable)) continue;
    now[at->path()] = {at->file_size(unreadable), at->last_write_time(unreadable)};
  }
  std::vector<fs::path> fresh;
  for (auto const& [path, as] : now)
    if (auto const known = seen_.find(path); known == seen_.end() || known->second != as)
      fresh.push_back(path);
  seen_ = std::move(now);
  return fresh;
}

} // namespace cotorra::cli
