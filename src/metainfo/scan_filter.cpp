#include "metainfo/scan_filter.hpp"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fnmatch.h>
#include <string_view>

namespace cotorra::metainfo {
namespace {

// File managers make these in each folder that they show.
constexpr std::array<std::string_view, 3> litter{".DS_Store", "Thumbs.db", "desktop.ini"};
// These hold a whole history, with files that were deleted long ago.
constexpr std::array<std::string_view, 3> repositories{".git", ".hg", ".svn"};

template <class List> bool has(List const& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string first_of(std::vector<std::string> const& paths) {
  return paths.size() == 1 ? paths.front()
                           : fmt::format("{} and {} more", paths[0], paths.size() - 1);
}

} // namespace

bool scan_filter::excluded(std::filesystem::path const& relative) {
  std::string const path = relative.generic_string(), name = relative.filename().string();
  bool any = false;
  for (std::size_t i = 0; i < matched_.size(); ++i) {
    std::string_view pattern = options_.exclude[i];
    bool const whole = pattern.find('/') < pattern.size() - 1;
    while (pattern.ends_with('/')) pattern.remove_suffix(1);
    while (pattern.starts_with("./")) pattern.remove_prefix(2);
    while (pattern.starts_with('/')) pattern.remove_prefix(1);
    std::string const text(pattern);
    int const slashes = whole ? FNM_PATHNAME : 0;
    std::string const& of = whole ? path : name;
    bool const match = ::fnmatch(text.c_str(), of.c_str(), slashes) == 0;
    if (match) matched_[i] = any = true;
  }
  return any;
}

bool scan_filter::leaves_out(std::filesystem::path const& relative, bool is_folder) {
  if (excluded(relative)) return true;
  std::string const name = relative.filename().string();
  if (is_folder) {
    if (has(repositories, name)) repositories_.push_back(relative.generic_string());
    return false;
  }
  if (options_.litter || !has(litter, name)) return false;
  litter_.push_back(relative.generic_string());
  return true;
}

void scan_filter::tell(std::vector<std::string>& warnings) const {
  if (!litter_.empty())
    warnings.push_back(fmt::format("{}: left out, as file managers make {} anew "
                                   "everywhere (--litter takes such files along)",
                                   first_of(litter_),
                                   litter_.size() == 1 ? "it" : "them"));
  if (!repositories_.empty())
    warnings.push_back(
        fmt::format("{}: shared, with all its history (--exclude {} "
                    "leaves it out)",
                    first_of(repositories_),
                    std::filesystem::path(repositories_.front()).filename().string()));
  for (std::size_t i = 0; i < matched_.size(); ++i)
    if (!matched_[i])
      warnings.push_back(fmt::format("--exclude {}: there is nothing of that name",
                                     options_.exclude[i]));
}

} // namespace cotorra::metainfo
