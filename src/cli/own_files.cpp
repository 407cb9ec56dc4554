#include "cli/own_files.hpp"
#include "cli/files.hpp"
#include "cli/text.hpp"
#include <fmt/format.h>
#include <sys/stat.h>

namespace cotorra::cli {

void own_files::add(std::filesystem::path const& path) {
  struct stat found;
  if (::stat(path.c_str(), &found) == 0) known_.emplace(piece::identity_of(found), path);
}

void own_files::check_not_in(std::filesystem::path const& root,
                             std::vector<std::string> const& content) const {
  if (known_.empty()) return;
  for (std::string const& path : content) {
    struct stat found;
    if (::stat((root / path).c_str(), &found) != 0) continue;
    auto const ours = known_.find(piece::identity_of(found));
    if (ours != known_.end())
      throw file_error(
          fmt::format("{}: the torrent has a file of the same name there, and would "
                      "write to it: choose another name or folder",
                      sanitise(ours->second.string())));
  }
}

} // namespace cotorra::cli
