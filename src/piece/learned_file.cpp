#include "piece/learned_file.hpp"
#include "base/sha.hpp"
#include "piece/whole_file.hpp"

namespace cotorra::piece {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t longest = 100 << 20; // bytes: the largest .torrent that we read
// A .torrent with nothing but its info dictionary.
constexpr std::string_view begin = "d4:info", end = "e";

// What stands between begin and end, if its hash is this.
bytes info_in(bytes file, info_hash const& hash) {
  std::string_view const text = as_text(file);
  if (!text.starts_with(begin) || !text.ends_with(end)) return {};
  bytes const info = file.subspan(begin.size(), file.size() - begin.size() - end.size());
  return sha1(info).value == hash.value ? info : bytes();
}

} // namespace

fs::path learned_path(fs::path const& folder, info_hash const& hash) {
  return folder / (".cotorra-" + hash.hex() + ".torrent");
}

buffer load_learned(fs::path const& folder, info_hash const& hash) {
  auto const file = read_whole(learned_path(folder, hash), longest);
  if (!file) return {};
  bytes const info = info_in(*file, hash);
  return {info.begin(), info.end()};
}

std::error_code save_learned(fs::path const& folder, info_hash const& hash, bytes info) {
  fs::path const at = learned_path(folder, hash);
  if (!load_learned(folder, hash).empty()) return {};
  std::error_code error;
  fs::create_directories(folder, error);
  if (fs::exists(fs::symlink_status(at, error)))
    return std::make_error_code(std::errc::file_exists);
  fs::remove(beside(at), error); // a killed process may have left one
  buffer file;
  append(file, begin);
  append(file, info);
  append(file, end);
  return replace_whole(at, file);
}

void remove_learned(fs::path const& folder, info_hash const& hash) {
  std::error_code error;
  if (!load_learned(folder, hash).empty()) fs::remove(learned_path(folder, hash), error);
}

} // namespace cotorra::piece
