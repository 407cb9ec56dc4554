#include "piece/storage.hpp"
#include <algorithm>
#include <cassert>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cotorra {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }
std::error_code failure(std::errc e) { return std::make_error_code(e); }

bool is_before(char const* verb) { return verb == std::string_view("use"); }

file_stamp stamp_of(struct stat const& info) {
  return {static_cast<std::uint64_t>(info.st_size),
          std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec};
}

std::string_view advice(char const* verb, std::error_code const& e) {
  if (e == std::errc::no_space_on_device) return "free some space, then start again";
  if (e == std::errc::file_too_large)
    return is_before(verb)
               ? "move it away, or choose another folder, and start again"
               : "the disk, or a limit set for you (ulimit -f), takes no file "
                 "of that size: choose another folder";
  if (e == std::errc::is_a_directory) return "move away what has that name";
  if (e == std::errc::not_a_directory || e == std::errc::file_exists)
    return "move that away, or choose another folder";
  if (e == std::errc::too_many_symbolic_link_levels)
    return "a symbolic link lies in the way and is not followed: move it away";
  if (e == std::errc::permission_denied)
    return "give yourself the right to it, or choose another folder";
  if (e == std::errc::read_only_file_system)
    return "nothing can be written there: choose another folder";
  return "mend that, then start again";
}

// What happened to the file, where the system's word for it says too little.
std::string reason(char const* verb, storage_file const& f, std::error_code const& e) {
  bool const before = is_before(verb);
  if (e == std::errc::file_too_large && before)
    return fmt::format("it is longer than the {} bytes of the torrent", f.length);
  if (e == std::errc::no_message_available) return "somebody has shortened it";
  if (e == std::errc::no_such_file_or_directory && !before) return "it is not there";
  if (e == std::errc::not_a_directory || e == std::errc::file_exists)
    return "what has its folder's name is no folder";
  return e.message();
}

std::string name_of(storage_file const& f) {
  return f.path.substr(f.path.rfind('/') + 1);
}

// Of the folder itself, or of a file in it that may be absent.
std::error_code may_write_in(descriptor const& folder, std::string const& name) {
  if (::faccessat(folder.get(), name.c_str(), R_OK | W_OK, AT_EACCESS) == 0) return {};
  if (errno != ENOENT) return last_error();
  int const may = ::faccessat(folder.get(), ".", W_OK | X_OK, AT_EACCESS);
  return may == 0 ? std::error_code() : last_error();
}

// Somebody may delete or shorten a file that is open here. What is written to it then is
// lost, and so may be pieces that were verified.
std::error_code check_intact(int fd, std::uint64_t length) {
  struct stat now;
  if (::fstat(fd, &now) != 0) return last_error();
  if (!S_ISREG(now.st_mode)) return {};
  if (now.st_nlink == 0) return failure(std::errc::no_such_file_or_directory);
  if (static_cast<std::uint64_t>(now.st_size) < length)
    return failure(std::errc::no_message_available);
  return {};
}

} // namespace

storage::storage(std::filesystem::path root, file_map files, std::size_t most_open)
    : map_(std::move(files)), open_(std::move(root), most_open),
      wanted_(map_.size(), true), seen_(map_.size()) {}

std::error_code storage::failed(char const* verb, std::size_t file, std::error_code e) {
  std::string const path = (root() / map_[file].path).string();
  std::string const why = reason(verb, map_[file], e);
  std::lock_guard const lock(mutex_);
  where_ = fmt::format("cannot {} \"{}\": {}; {}", verb, path, why, advice(verb, e));
  return e;
}

std::string storage::where(std::error_code const& e) const {
  std::lock_guard const lock(mutex_);
  return where_.empty() ? e.message() : where_;
}

// --- before ---------------------------------------------------------------------------

std::error_code storage::prepare() {
  for (std::size_t file = 0; file < map_.size(); ++file) {
    if (map_[file].padding) continue;
    std::optional<file_stamp> there;
    if (!wanted_[file])
      there = stamp(file);
    else if (std::error_code const e = prepare_file(file, there))
      return failed("use", file, e);
    if (there) saw(file, *there);
  }
  return {};
}

std::optional<file_stamp> storage::seen(std::size_t file) const {
  std::lock_guard const lock(mutex_);
  return seen_[file];
}

// Two workers may write to it at once, and the first come to this line last.
void storage::saw(std::size_t file, file_stamp now) {
  std::lock_guard const lock(mutex_);
  if (!seen_[file] || seen_[file]->mtime <= now.mtime) seen_[file] = now;
}

bool storage::untouched(std::size_t file) const {
  auto const before = seen(file);
  return !before || stamp(file) == before;
}

std::error_code storage::prepare_file(std::size_t file,
                                      std::optional<file_stamp>& found) {
  storage_file const& f = map_[file];
  std::error_code error;
  descriptor const folder = open_.folder_of(f.path, true, error);
  if (error) return error;
  struct stat info;
  std::string const name = name_of(f);
  if (::fstatat(folder.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
    if (S_ISLNK(info.st_mode)) return failure(std::errc::too_many_symbolic_link_levels);
    if (S_ISDIR(info.st_mode)) return failure(std::errc::is_a_directory);
    if (!S_ISREG(info.st_mode)) return failure(std::errc::invalid_argument);
    found = stamp_of(info);
    if (found->size > f.length) return failure(std::errc::file_too_large);
    return found->size < f.length ? may_write_in(folder, name) : std::error_code();
  }
  if (errno != ENOENT) return last_error();
  if (f.length != 0) return may_write_in(folder, name);
  auto const made =
      open_.to_write(file, f.path, 0, f.executable, open_files::missing::make, error);
  if (!error && ::fstat(made->get(), &info) == 0) found = stamp_of(info);
  return error;
}

std::error_code storage::may_write(std::size_t file) {
  storage_file const& f = map_[file];
  auto const found = seen(file);
  if (f.padding || (wanted_[file] && (!found || found->size < f.length))) return {};
  std::error_code error;
  descriptor const folder = open_.folder_of(f.path, false, error);
  if (!error) error = may_write_in(folder, name_of(f));
  if (!error || error == std::errc::no_such_file_or_directory) return {};
  return failed("write", file, error);
}

bool storage::exists(std::size_t file) const {
  storage_file const& f = map_[file];
  if (f.padding || f.length == 0) return true;
  std::error_code error;
  descriptor const folder = open_.folder_of(f.path, false, error);
  if (error) return false;
  return ::faccessat(folder.get(), name_of(f).c_str(), R_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

// --- bytes ----------------------------------------------------------------------------

std::error_code storage::write(std::uint64_t offset, bytes data) {
  for (file_slice const& s : map_.slices(offset, data.size())) {
    bytes const part = data.first(s.length);
    data = data.subspan(s.length);
    if (map_[s.file].padding) continue;
    if (std::error_code const e = write_slice(s, part)) return failed("write", s.file, e);
  }
  return {};
}

std::error_code storage::write_slice(file_slice const& s, bytes data) {
  std::error_code error;
  storage_file const& f = map_[s.file];
  auto const before = seen(s.file);
  auto const missing = before ? open_files::missing::report : open_files::missing::make;
  auto const fd = open_.to_write(s.file, f.path, f.length, f.executable, missing, error);
  if (!error) error = check_intact(fd->get(), before ? before->size : f.length);
  if (!error && before && before->size < f.length)
    error = open_files::lengthen(*fd, f.length);
  if (error) return error;
  for (std::size_t done = 0; done < data.size();) {
    ssize_t const n = ::pwrite(fd->get(), data.data() + done, data.size() - done,
                               static_cast<off_t>(s.offset + done));
    if (n < 0 && errno != EINTR) return last_error();
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  flush_next(s.file); // after the write: a flush that runs meanwhile may miss it
  struct stat now;
  if (::fstat(fd->get(), &now) != 0) return last_error();
  if (S_ISREG(now.st_mode)) saw(s.file, stamp_of(now));
  return {};
}

std::error_code storage::read(std::uint64_t offset, mutable_bytes data) {
  for (file_slice const& s : map_.slices(offset, data.size())) {
    mutable_bytes const part = data.first(s.length);
    data = data.subspan(s.length);
    if (map_[s.file].padding)
      std::fill(part.begin(), part.end(), std::byte{0});
    else if (std::error_code const e = read_slice(s, part))
      return failed("read", s.file, e);
  }
  return {};
}

std::error_code storage::read_slice(file_slice const& s, mutable_bytes data) {
  std::error_code error;
  auto const fd = open_.to_read(s.file, map_[s.file].path, error);
  if (error) return error;
  for (std::size_t done = 0; done < data.size();) {
    ssize_t const n = ::pread(fd->get(), data.data() + done, data.size() - done,
                              static_cast<off_t>(s.offset + done));
    if (n < 0 && errno != EINTR) return last_error();
    if (n == 0) return failure(std::errc::no_message_available); // it ends before
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return {};
}

storage::content storage::look(std::uint64_t offset, std::uint64_t length) {
  content all = content::hole;
  for (file_slice const& s : map_.slices(offset, length)) {
    if (map_[s.file].padding) continue;
    content const one = look_at(s);
    if (one == content::absent) return one;
    if (one == content::data) all = one;
  }
  return all;
}

storage::content storage::look_at(file_slice const& s) {
  std::error_code error;
  auto const fd = open_.to_read(s.file, map_[s.file].path, error);
  if (error) return content::absent;
  struct stat info;
  auto const end = static_cast<off_t>(s.offset + s.length);
  if (::fstat(fd->get(), &info) != 0 || info.st_size < end) return content::absent;
  // Moves the descriptor's position, which nobody uses: all reads and writes name theirs.
  off_t const first = ::lseek(fd->get(), static_cast<off_t>(s.offset), SEEK_DATA);
  bool const no_data = first < 0 ? errno == ENXIO : first >= end;
  return no_data ? content::hole : content::data;
}

// --- after ----------------------------------------------------------------------------

std::optional<file_stamp> storage::stamp(std::size_t file) const {
  storage_file const& f = map_[file];
  if (f.padding) return std::nullopt;
  std::error_code error;
  descriptor const folder = open_.folder_of(f.path, false, error);
  struct stat info;
  if (error ||
      ::fstatat(folder.get(), name_of(f).c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(info.st_mode))
    return std::nullopt;
  return stamp_of(info);
}

void storage::flush_next(std::size_t file) {
  std::lock_guard const lock(mutex_);
  unflushed_.insert(file);
}

std::error_code storage::flush() {
  std::set<std::size_t> files;
  {
    std::lock_guard const lock(mutex_);
    files.swap(unflushed_);
  }
  std::error_code first;
  for (std::size_t file : files) {
    std::error_code error; // any descriptor of the file will do
    auto const fd = open_.to_read(file, map_[file].path, error);
    if (!error && ::fdatasync(fd->get()) != 0) error = last_error();
    if (error == std::errc::no_such_file_or_directory) continue; // removed: nothing to do
    if (error && !first) first = failed("flush", file, error);
  }
  return first;
}

void storage::close() {
  open_.close();
  std::lock_guard const lock(mutex_);
  seen_.assign(map_.size(), std::nullopt);
}

} // namespace cotorra
