#include "piece/open_files.hpp"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cotorra {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

// The torrent's paths were made safe when it was read; nothing here relies on that.
bool is_safe(std::string const& part) {
  return !part.empty() && part != "." && part != ".." &&
         part.find('\0') == std::string::npos;
}

// A folder inside a folder; a symbolic link is none.
int open_folder(int parent, std::string const& part, bool make) {
  constexpr int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  int fd = ::openat(parent, part.c_str(), how);
  if (fd < 0 && errno == ENOENT && make) {
    if (::mkdirat(parent, part.c_str(), 0777) != 0 && errno != EEXIST) return -1;
    fd = ::openat(parent, part.c_str(), how);
  }
  struct stat info;
  if (fd < 0 && errno == ENOTDIR) { // say which: a file in the way, or a link
    bool const is_link =
        ::fstatat(parent, part.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISLNK(info.st_mode);
    errno = is_link ? ELOOP : ENOTDIR;
  }
  return fd;
}

std::string name_of(std::string const& path) {
  return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

std::error_code make_executable(int fd) {
  struct stat info;
  if (::fstat(fd, &info) != 0) return last_error();
  if (!S_ISREG(info.st_mode)) return {};
  mode_t const who_reads_runs = info.st_mode | ((info.st_mode & 0444) >> 2);
  if (who_reads_runs == info.st_mode || ::fchmod(fd, who_reads_runs) == 0) return {};
  return last_error();
}

} // namespace

descriptor::~descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

open_files::open_files(std::filesystem::path root, std::size_t most)
    : root_(std::move(root)), most_(most) {}

descriptor open_files::folder_of(std::string const& path, bool make,
                                 std::error_code& error) const {
  error.clear();
  if (make) std::filesystem::create_directories(root_, error);
  if (error) return descriptor();
  descriptor folder(::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::size_t begin = 0;
  while (folder) {
    std::size_t const end = path.find('/', begin);
    std::string const part = path.substr(begin, end - begin);
    if (!is_safe(part)) {
      errno = EINVAL;
      break;
    }
    if (end == std::string::npos) return folder;
    folder = descriptor(open_folder(folder.get(), part, make));
    begin = end + 1;
  }
  error = last_error();
  return descriptor();
}

open_files::handle open_files::to_read(std::size_t file, std::string const& path,
                                       std::error_code& error) {
  error.clear();
  if (handle h = cached(file, false)) return h;
  descriptor const folder = folder_of(path, false, error);
  if (error) return nullptr;
  // not blocking: a pipe that lies there must not stop a worker
  descriptor fd(::openat(folder.get(), name_of(path).c_str(),
                         O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (fd) return keep(file, std::move(fd), false);
  error = last_error();
  return nullptr;
}

open_files::handle open_files::to_write(std::size_t file, std::string const& path,
                                        std::uint64_t length, bool executable,
                                        missing what, std::error_code& error) {
  error.clear();
  if (handle h = cached(file, true)) return h;
  bool const make = what == missing::make;
  descriptor const folder = folder_of(path, make, error);
  if (error) return nullptr;
  constexpr int how = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  descriptor fd(
      ::openat(folder.get(), name_of(path).c_str(), make ? how | O_CREAT : how, 0666));
  if (!fd) error = last_error();
  if (!error && make) error = lengthen(fd, length);
  if (!error && executable) error = make_executable(fd.get());
  return error ? nullptr : keep(file, std::move(fd), true);
}

// The new part is a hole: the disk gives room only for what is written.
std::error_code open_files::lengthen(descriptor const& fd, std::uint64_t length) {
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) return last_error();
  if (!S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) >= length)
    return {};
  if (::ftruncate(fd.get(), static_cast<off_t>(length)) != 0) return last_error();
  return {};
}

open_files::handle open_files::cached(std::size_t file, bool writable) {
  std::lock_guard const lock(mutex_);
  auto const found = entries_.find(file);
  if (found == entries_.end() || (writable && !found->second.writable)) return nullptr;
  found->second.used = ++uses_;
  return found->second.fd;
}

open_files::handle open_files::keep(std::size_t file, descriptor fd, bool writable) {
  auto const h = std::make_shared<descriptor const>(std::move(fd));
  std::lock_guard const lock(mutex_);
  entries_[file] = {h, writable, ++uses_};
  if (entries_.size() > most_)
    entries_.erase(
        std::min_element(entries_.begin(), entries_.end(),
                         [](auto& a, auto& b) { return a.second.used < b.second.used; }));
  return h;
}

void open_files::close() {
  std::lock_guard const lock(mutex_);
  entries_.clear();
}

std::size_t open_files::count() const {
  std::lock_guard const lock(mutex_);
  return entries_.size();
}

} // namespace cotorra
