#include "piece/resume_file.hpp"
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace cotorra::piece {
namespace {

namespace fs = std::filesystem;

constexpr off_t longest = 256 << 20; // bytes: three times what a million files need

std::error_code last_error() { return {errno, std::generic_category()}; }

fs::path new_path(fs::path const& folder, info_hash const& hash) {
  return resume_path(folder, hash) += ".new";
}

bool write_all(int fd, bytes data) {
  while (!data.empty()) {
    ssize_t const n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) data = data.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

bool read_all(int fd, mutable_bytes data) {
  while (!data.empty()) {
    ssize_t const n = ::read(fd, data.data(), data.size());
    if (n == 0 || (n < 0 && errno != EINTR)) return false;
    if (n > 0) data = data.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

// Is this file not a state in spite of its name? It may belong to another torrent.
bool is_another_file(fs::path const& at) {
  constexpr std::string_view beginning = "d5:filesl"; // every state begins like this
  descriptor const fd(::open(at.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info;
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  auto const there =
      std::min(static_cast<std::uint64_t>(info.st_size), std::uint64_t{beginning.size()});
  buffer begin(static_cast<std::size_t>(there));
  return !read_all(fd.get(), begin) || !beginning.starts_with(as_text(begin));
}

void remove_ours(fs::path const& at) {
  if (!is_another_file(at)) ::unlink(at.c_str());
}

} // namespace

fs::path resume_path(fs::path const& folder, info_hash const& hash) {
  return folder / (".cotorra-" + hash.hex() + ".resume");
}

std::optional<resume_state> load_resume(fs::path const& folder, info_hash const& hash) {
  descriptor const fd(::open(resume_path(folder, hash).c_str(),
                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info;
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode) ||
      info.st_size > longest)
    return std::nullopt;
  buffer content(static_cast<std::size_t>(info.st_size));
  if (!read_all(fd.get(), content)) return std::nullopt;
  return decode_resume(content);
}

std::error_code save_resume(fs::path const& folder, resume_state const& state) {
  fs::path const beside = new_path(folder, state.hash);
  fs::path const at = resume_path(folder, state.hash);
  if (is_another_file(at)) return std::make_error_code(std::errc::file_exists);
  remove_ours(beside); // a killed process may have left one
  descriptor const fd(
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!fd) return last_error();
  bool const written = write_all(fd.get(), encode(state)) && ::fsync(fd.get()) == 0 &&
                       ::rename(beside.c_str(), at.c_str()) == 0;
  if (!written) {
    std::error_code const error = last_error();
    ::unlink(beside.c_str());
    return error;
  }
  descriptor const names(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return names && ::fsync(names.get()) == 0 ? std::error_code() : last_error();
}

void remove_resume(fs::path const& folder, info_hash const& hash) {
  remove_ours(resume_path(folder, hash));
  remove_ours(new_path(folder, hash));
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
