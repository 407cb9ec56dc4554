#include "metainfo/unique_paths.hpp"
#include "metainfo/folded_name.hpp"
#include "metainfo/safe_name.hpp"
#include <algorithm>
#include <map>
#include <set>

// Everything here is sorted, and nothing hashed into buckets: strangers choose the names,
// and no choice may make this slow.
namespace cotorra::metainfo {
namespace {

// The hash of a path grows element by element, and so passes that of each folder.
std::uint64_t extended(std::uint64_t hash, std::string_view element) {
  for (char c : folded_name(element))
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01B3;
  hash ^= hash >> 29;
  return (hash * 0xBF58'476D'1CE4'E5B9) | 1;
}

// May two paths be the same? Hardly ever wrong, and never when it says no.
bool may_clash(std::vector<file_entry> const& files) {
  std::vector<std::uint64_t> folders, all;
  all.reserve(files.size());
  for (file_entry const& file : files) {
    if (file.padding) continue;
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
    for (std::size_t i = 0; i + 1 < file.path.size(); ++i) {
      hash = extended(hash, file.path[i]);
      if (folders.empty() || folders.back() != hash) folders.push_back(hash);
    }
    all.push_back(extended(hash, file.path.back()));
  }
  std::sort(all.begin(), all.end());
  if (std::adjacent_find(all.begin(), all.end()) != all.end()) return true;
  return std::any_of(folders.begin(), folders.end(), [&](std::uint64_t hash) {
    return std::binary_search(all.begin(), all.end(), hash);
  });
}

// The slow and exact way. Folders are numbered, and a path is its folder's number plus
// its last element, so that memory stays in proportion to the .torrent.
class renamer {
public:
  // Numbers the folders on the way to the file; returns the number of the file's folder.
  std::size_t folder_of(file_entry const& file) {
    std::size_t in = 0;
    for (std::size_t i = 0; i + 1 < file.path.size(); ++i) {
      auto const next = folders_.size() + 1;
      in = folders_.try_emplace(key(in, file.path[i]), next).first->second;
    }
    return in;
  }

  // True if the file needed another name.
  bool place(std::size_t folder, file_entry& file) {
    if (take(folder, file.path.back())) return false;
    // Names that differ only in the part that a suffix cuts off share one count, so that
    // no number is tried twice.
    std::string const wanted = file.path.back();
    unsigned& count = tries_[key(folder, with_suffix(wanted, " (4294967295)"))];
    do file.path.back() = with_suffix(wanted, " (" + std::to_string(++count + 1) + ")");
    while (!take(folder, file.path.back()));
    return true;
  }

private:
  using place_key = std::pair<std::size_t, std::string>; // number of the folder, name

  static place_key key(std::size_t folder, std::string_view name) {
    return {folder, folded_name(name)};
  }
  bool take(std::size_t folder, std::string_view name) {
    place_key at = key(folder, name);
    return folders_.count(at) == 0 && files_.insert(std::move(at)).second;
  }

  std::map<place_key, std::size_t> folders_;
  std::set<place_key> files_;
  std::map<place_key, unsigned> tries_;
};

} // namespace

std::vector<std::size_t> make_paths_unique(std::vector<file_entry>& files) {
  std::vector<std::size_t> renamed;
  if (!may_clash(files)) return renamed;
  renamer names;
  std::vector<std::size_t> folders;
  for (file_entry const& file : files)
    folders.push_back(file.padding ? 0 : names.folder_of(file));
  for (std::size_t i = 0; i < files.size(); ++i)
    if (!files[i].padding && names.place(folders[i], files[i])) renamed.push_back(i);
  return renamed;
}

} // namespace cotorra::metainfo
