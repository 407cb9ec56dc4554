#include "piece/file_locations.hpp"
#include <unordered_set>

namespace cotorra::piece {
namespace {

constexpr std::size_t longest_name = 255; // bytes, on every common file system
constexpr char const* suffix = ".part";

// Many file systems ignore case. Too much caution only costs a ".part".
std::string folded(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

} // namespace

file_locations::file_locations(file_map const& files) : files_(files) {
  std::unordered_set<std::string> names;
  for (std::size_t f = 0; f < files.size(); ++f) { // and their folders
    std::string const path = folded(files[f].path);
    for (auto end = path.find('/'); end != path.npos; end = path.find('/', end + 1))
      names.insert(path.substr(0, end));
    names.insert(path);
  }
  for (std::size_t f = 0; f < files.size(); ++f) {
    std::string const with_suffix = files[f].path + suffix;
    bool const fits = with_suffix.size() - (with_suffix.rfind('/') + 1) <= longest_name;
    has_part_name_.push_back(fits && files[f].length > 0 && !files[f].padding &&
                             !names.contains(folded(with_suffix)));
  }
}

file_location file_locations::find(std::size_t file, there const& on_disk) const {
  if (on_disk.own) return file_location::own_name;
  if (on_disk.part && has_part_name_[file]) return file_location::part_name;
  return file_location::nowhere;
}

file_location file_locations::for_new(std::size_t file, bool wanted) const {
  if (!wanted && part_file_) return file_location::part_file;
  return part_names_ && has_part_name_[file] ? file_location::part_name
                                             : file_location::own_name;
}

std::string file_locations::path(std::size_t file, file_location where) const {
  std::string const& own = files_[file].path;
  return where == file_location::part_name ? own + suffix : own;
}

} // namespace cotorra::piece
