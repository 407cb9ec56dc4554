#include "metainfo/unique_paths.hpp"
#include "metainfo/safe_name.hpp"
#include <unordered_map>
#include <unordered_set>

namespace cotorra {
namespace {

unsigned char lower(char c) {
  return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

// A set of 64-bit hashes, open addressing: one cache line a look-up, where
// std::unordered_set allocates a node for each.
class hash_set {
public:
  explicit hash_set(std::size_t expected) {
    std::size_t slots = 16;
    while (slots < expected * 2) slots *= 2;
    slots_.resize(slots);
  }
  // False when it was there already.
  bool insert(std::uint64_t hash) {
    if (count_ * 2 >= slots_.size()) grow();
    std::uint64_t& slot = find(hash);
    if (slot == hash) return false;
    slot = hash;
    ++count_;
    return true;
  }
  bool contains(std::uint64_t hash) { return find(hash) == hash; }

private:
  std::uint64_t& find(std::uint64_t hash) { // 0 marks a free slot; no hash is 0
    std::size_t i = hash & (slots_.size() - 1);
    while (slots_[i] != 0 && slots_[i] != hash) i = (i + 1) & (slots_.size() - 1);
    return slots_[i];
  }
  void grow() {
    std::vector<std::uint64_t> old(slots_.size() * 2);
    old.swap(slots_);
    for (std::uint64_t hash : old)
      if (hash != 0) find(hash) = hash;
  }

  std::vector<std::uint64_t> slots_;
  std::size_t count_ = 0;
};

// The hash of a path grows element by element, so each folder's comes on the way.
std::uint64_t extended(std::uint64_t hash, std::string_view element) {
  for (char c : element) hash = (hash ^ lower(c)) * 0x100'0000'01B3;
  hash ^= hash >> 29;
  return (hash * 0xBF58'476D'1CE4'E5B9) | 1;
}

// Whether two paths may be the same; hardly ever wrong, and never when it says no.
bool may_clash(std::vector<file_entry> const& files) {
  hash_set folders(files.size() / 4), all(files.size());
  std::vector<std::uint64_t> hashes;
  hashes.reserve(files.size());
  for (file_entry const& file : files) {
    if (file.padding) continue;
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
    for (std::size_t i = 0; i + 1 < file.path.size(); ++i) {
      hash = extended(hash, file.path[i]);
      folders.insert(hash);
    }
    hashes.push_back(extended(hash, file.path.back()));
  }
  for (std::uint64_t hash : hashes)
    if (folders.contains(hash) || !all.insert(hash)) return true;
  return false;
}

// The slow and exact way. Folders are numbered, and a path is its folder's number and its
// last element: the memory stays in proportion to the .torrent.
class renamer {
public:
  // Numbers the folders on the way to the file; returns that of its own.
  std::size_t folder_of(file_entry const& file) {
    std::size_t in = 0;
    for (std::size_t i = 0; i + 1 < file.path.size(); ++i) {
      auto const next = folders_.size() + 1;
      in = folders_.try_emplace(key(in, file.path[i]), next).first->second;
    }
    return in;
  }

  // True when the file needed another name.
  bool place(std::size_t folder, file_entry& file) {
    std::string const wanted = file.path.back();
    std::string const wanted_key = key(folder, wanted);
    std::string at = wanted_key;
    while (folders_.count(at) != 0 || !files_.insert(at).second) {
      unsigned const n = ++tries_[wanted_key] + 1;
      file.path.back() = with_suffix(wanted, " (" + std::to_string(n) + ")");
      at = key(folder, file.path.back());
    }
    return at != wanted_key;
  }

private:
  static std::string key(std::size_t folder, std::string_view name) {
    std::string out = std::to_string(folder) + '/';
    for (char c : name) out += static_cast<char>(lower(c));
    return out;
  }

  std::unordered_map<std::string, std::size_t> folders_;
  std::unordered_set<std::string> files_;
  std::unordered_map<std::string, unsigned> tries_;
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

} // namespace cotorra
