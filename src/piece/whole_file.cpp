#include "piece/whole_file.hpp"
#include "piece/open_files.hpp"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cotorra::piece {
namespace {

namespace fs = std::filesystem;

std::error_code last_error() { return {errno, std::generic_category()}; }

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

// The first bytes of a plain file, if it has no more than `longest`.
std::optional<buffer> read_some(fs::path const& at, std::uint64_t most,
                                std::uint64_t longest) {
  descriptor const fd(::open(at.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info;
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  auto const size = static_cast<std::uint64_t>(info.st_size);
  if (size > longest) return std::nullopt;
  buffer content(static_cast<std::size_t>(std::min(size, most)));
  if (!read_all(fd.get(), content)) return std::nullopt;
  return content;
}

} // namespace

std::optional<buffer> read_whole(fs::path const& at, std::uint64_t longest) {
  return read_some(at, longest, longest);
}

std::optional<buffer> read_beginning(fs::path const& at, std::size_t most) {
  return read_some(at, most, UINT64_MAX);
}

fs::path beside(fs::path const& at) {
  fs::path other = at;
  return other += ".new";
}

std::error_code replace_whole(fs::path const& at, bytes content) {
  fs::path const fresh = beside(at);
  descriptor const fd(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!fd) return last_error();
  bool const written = write_all(fd.get(), content) && ::fsync(fd.get()) == 0 &&
                       ::rename(fresh.c_str(), at.c_str()) == 0;
  if (!written) {
    std::error_code const error = last_error();
    ::unlink(fresh.c_str());
    return error;
  }
  fs::path const folder = at.has_parent_path() ? at.parent_path() : ".";
  descriptor const names(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return names && ::fsync(names.get()) == 0 ? std::error_code() : last_error();
}

} // namespace cotorra::piece
