#include "piece/open_files.hpp"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cotorra::piece {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

// The reader of the .torrent has made its paths safe; this file does not rely on that.
bool is_safe(std::string const& part) {
  return !part.empty() && part != "." && part != ".." &&
         part.find('\0') == std::string::npos;
}

// Opens a folder inside a folder; not a symbolic link.
int open_folder(int parent, std::string const& part, bool make) {
  constexpr int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  int fd = ::openat(parent, part.c_str(), how);
  if (fd < 0 && errno == ENOENT && make) {
    if (::mkdirat(parent, part.c_str(), 0777) != 0 && errno != EEXIST) return -1;
    fd = ::openat(parent, part.c_str(), how);
  }
  struct stat info;
  if (fd < 0 && errno == ENOTDIR) { // is a file in the way, or a link?
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

// Has the process, or the machine, no descriptor left?
bool is_full_table(std::error_code const& e) {
  return e == std::errc::too_many_files_open ||
         e == std::errc::too_many_files_open_in_system;
}

} // namespace

descriptor::~descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

open_files::open_files(std::filesystem::path const& root, std::size_t most)
    : root_(root.string()), most_(most) {}

descriptor open_files::folder_of(std::string const& path, bool make,
                                 std::error_code& error) {
  descriptor folder = walk(path, make, error);
  if (!is_full_table(error)) return folder;
  close();
  return walk(path, make, error);
}

descriptor open_files::walk(std::string const& path, bool make,
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

// Non-blocking: a pipe with this name must not block a thread.
descriptor open_files::open(std::string const& path, int how, bool make,
                            std::error_code& error) {
  descriptor const folder = folder_of(path, make, error);
  if (error) return descriptor();
  how |= O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  for (bool again = true;; again = false) {
    descriptor fd(::openat(folder.get(), name_of(path).c_str(), how, 0666));
    if (fd) return fd;
    error = last_error();
    if (!again || !is_full_table(error)) return descriptor();
    close();
    error.clear();
  }
}

open_files::handle open_files::to_read(std::size_t file, std::string const& path,
                                       std::error_code& error) {
  error.clear();
  if (handle h = cached(file, false)) return h;
  descriptor fd = open(path, O_RDONLY, false, error);
  return fd ? keep(file, std::move(fd), false) : nullptr;
}

open_files::handle open_files::to_write(std::size_t file, std::string const& path,
                                        missing what, std::error_code& error) {
  error.clear();
  if (handle h = cached(file, true)) return h;
  bool const make = what == missing::make;
  descriptor fd = open(path, make ? O_RDWR | O_CREAT : O_RDWR, make, error);
  return fd ? keep(file, std::move(fd), true) : nullptr;
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
  entries_ = {};
}

std::size_t open_files::count() const {
  std::lock_guard const lock(mutex_);
  return entries_.size();
}

} // namespace cotorra::piece
