#include "piece/resume_file.hpp"
#include "piece/whole_file.hpp"
#include <algorithm>
#include <chrono>
#include <thread>
#include <unistd.h>

namespace cotorra::piece {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t longest = 256 << 20; // bytes: three times what a million files
                                             // need

// Is this file not a state in spite of its name? It may belong to another torrent.
bool is_another_file(fs::path const& at) {
  constexpr std::string_view beginning = "d5:filesl"; // every state begins like this
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(at, error))) return false;
  auto const begin = read_beginning(at, beginning.size());
  return !begin || !beginning.starts_with(as_text(*begin));
}

void remove_ours(fs::path const& at) {
  if (!is_another_file(at)) ::unlink(at.c_str());
}

} // namespace

fs::path resume_path(fs::path const& folder, info_hash const& hash) {
  return folder / (".cotorra-" + hash.hex() + ".resume");
}

std::optional<resume_state> load_resume(fs::path const& folder, info_hash const& hash) {
  auto const content = read_whole(resume_path(folder, hash), longest);
  return content ? decode_resume(*content) : std::nullopt;
}

std::error_code save_resume(fs::path const& folder, resume_state const& state) {
  fs::path const at = resume_path(folder, state.hash);
  if (is_another_file(at)) return std::make_error_code(std::errc::file_exists);
  remove_ours(beside(at)); // a killed process may have left one
  return replace_whole(at, encode(state));
}

void remove_resume(fs::path const& folder, info_hash const& hash) {
  fs::path const at = resume_path(folder, hash);
  remove_ours(at);
  remove_ours(beside(at));
}

file_stamps stamp_files(storage const& files) {
  file_stamps all;
  for (std::size_t f = 0; f < files.files().size(); ++f) all.push_back(files.stamp(f));
  return all;
}

file_stamps stamp_quiet_files(storage const& files) {
  constexpr int most_tries = 10;
  for (int tried = 1;; ++tried) {
    std::int64_t const now = file_time();
    file_stamps all = stamp_files(files);
    bool fresh = false;
    for (auto& stamp : all) {
      if (!stamp || std::max(stamp->mtime, stamp->ctime) < now) continue;
      fresh = true;
      stamp.reset();
    }
    if (!fresh || tried == most_tries) return all;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

} // namespace cotorra::piece
