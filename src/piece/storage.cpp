// Reads, writes, flushes. The rest of the class is in storage_prepare.cpp and
// storage_finish.cpp.
#include "piece/storage.hpp"
#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace cotorra::piece {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }
std::error_code failure(std::errc e) { return std::make_error_code(e); }

// Another program may delete or shorten a file that we have open. Then writes to it are
// lost, and so may be verified pieces.
std::error_code check_intact(struct stat const& now, std::uint64_t length) {
  if (!S_ISREG(now.st_mode)) return {}; // a device; prepare() refuses those
  if (now.st_nlink == 0) return failure(std::errc::no_such_file_or_directory);
  if (static_cast<std::uint64_t>(now.st_size) < length)
    return failure(std::errc::no_message_available);
  return {};
}

std::error_code write_all(int fd, bytes data, std::uint64_t offset) {
  while (!data.empty()) {
    ssize_t const n = ::pwrite(fd, data.data(), data.size(), static_cast<off_t>(offset));
    if (n < 0 && errno != EINTR) return last_error();
    if (n <= 0) continue;
    data = data.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

std::chrono::nanoseconds running_time() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

} // namespace

storage::storage(std::filesystem::path root, file_map files, std::size_t most_open)
    : map_(std::move(files)), disk_(std::move(root), map_, most_open),
      wanted_(map_.size(), true), seen_(disk_.count()) {
  for (std::size_t f = 0; f < map_.size(); ++f) lacking_.push_back(map_[f].length);
}

// --- bytes ----------------------------------------------------------------------------

std::error_code storage::write(std::uint64_t offset, bytes data) {
  auto const slices = map_.slices(offset, data.size());
  for (file_slice const& s : slices) {
    bytes const part = data.first(s.length);
    data = data.subspan(s.length);
    if (map_[s.file].padding) continue;
    if (std::error_code const e = write_slice(s, part)) return failed("write", s.file, e);
  }
  for (file_slice const& s : slices)
    if (std::error_code const e = came(s)) return failed("finish", s.file, e);
  return {};
}

std::error_code storage::write_slice(file_slice const& s, bytes data) {
  carrier const c = disk_.of(s.file);
  std::lock_guard const one_writer(writer_of(c));
  std::error_code error;
  auto const fd = open_to_write(c, s.file, error);
  std::uint64_t at = s.offset;
  if (!error && c == disk_.part_file()) at = disk_.room_for(s, fd->get(), error);
  if (!error) error = write_all(fd->get(), data, at);
  if (!fd) return error;
  bool const sure = mark_as_ours(fd->get());
  {
    std::lock_guard const lock(mutex_);
    unflushed_.insert(c); // after the write: a flush during it may miss the bytes
  }
  struct stat now;
  if (::fstat(fd->get(), &now) != 0) return error ? error : last_error();
  if (!S_ISREG(now.st_mode)) return error;
  std::lock_guard const lock(mutex_);
  seen_.wrote(c, stamp_of(now), sure);
  return error;
}

open_files::handle storage::open_to_write(carrier c, std::size_t file,
                                          std::error_code& error) {
  bool const whole = c == file; // not the part file
  if (whole && is_reserved_name(map_[file].path))
    error = failure(std::errc::operation_not_permitted);
  if (error) return nullptr;
  auto const before = seen(c);
  auto const missing = before ? open_files::missing::report : open_files::missing::make;
  auto const fd = disk_.to_write(c, missing, error);
  struct stat now;
  if (!error && ::fstat(fd->get(), &now) != 0) error = last_error();
  if (!error) error = check_intact(now, before ? before->size : 0);
  if (!error) error = claim(c, now);
  if (error) return nullptr;
  {
    std::lock_guard const lock(mutex_);
    seen_.before_write(c, stamp_of(now));
  }
  if (whole) error = make_ready(*fd, file);
  return error ? nullptr : fd;
}

// Gives the file its full length, and makes it executable if the torrent says so. The new
// part is a hole: it takes room on the disk only when written.
std::error_code storage::make_ready(descriptor const& fd, std::size_t file) {
  storage_file const& f = map_[file];
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) return last_error();
  if (!S_ISREG(info.st_mode)) return {};
  if (static_cast<std::uint64_t>(info.st_size) < f.length &&
      ::ftruncate(fd.get(), static_cast<off_t>(f.length)) != 0)
    return last_error();
  mode_t const readers_run_it = info.st_mode | ((info.st_mode & 0444) >> 2);
  if (!f.executable || readers_run_it == info.st_mode) return {};
  return ::fchmod(fd.get(), readers_run_it) == 0 ? std::error_code() : last_error();
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
  auto const begin = disk_.offset_of(s);
  if (!begin) return failure(std::errc::no_such_file_or_directory);
  auto const fd = disk_.to_read(disk_.of(s.file), error);
  if (error) return error;
  for (std::size_t done = 0; done < data.size();) {
    ssize_t const n = ::pread(fd->get(), data.data() + done, data.size() - done,
                              static_cast<off_t>(*begin + done));
    if (n < 0 && errno != EINTR) return last_error();
    if (n == 0) return failure(std::errc::no_message_available); // the file is too short
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
  auto const begin = disk_.offset_of(s);
  if (!begin) return content::absent;
  auto const fd = disk_.to_read(disk_.of(s.file), error);
  if (error) return content::absent;
  struct stat info;
  auto const end = static_cast<off_t>(*begin + s.length);
  if (::fstat(fd->get(), &info) != 0 || info.st_size < end) return content::absent;
  // Moves the descriptor's position, which we never use: pread and pwrite have their own.
  off_t const first = ::lseek(fd->get(), static_cast<off_t>(*begin), SEEK_DATA);
  bool const no_data = first < 0 ? errno == ENXIO : first >= end;
  return no_data ? content::hole : content::data;
}

// --- after ----------------------------------------------------------------------------

bool storage::untouched(std::size_t file) const {
  carrier const c = disk_.of(file);
  auto const now = stamp_of_carrier(c);
  std::lock_guard const lock(mutex_);
  return seen_.untouched(c, now);
}

std::string storage::who_was_touched() {
  std::size_t file = 0;
  while (file + 1 < map_.size() && untouched(file)) ++file;
  std::string const path = (root() / map_[file].path).string();
  return fmt::format("cannot finish \"{}\": another program changes it again and again; "
                     "stop that, then start again",
                     path);
}

void storage::flush_next(std::size_t file) {
  carrier const c = disk_.of(file);
  std::lock_guard const lock(mutex_);
  unflushed_.insert(c);
}

bool storage::is_flushed(std::size_t file) const {
  carrier const c = disk_.of(file);
  std::lock_guard const lock(mutex_);
  return !unflushed_.contains(c);
}

std::error_code storage::flush(std::chrono::milliseconds most) {
  std::set<carrier> left;
  {
    std::lock_guard const lock(mutex_);
    left.swap(unflushed_);
  }
  auto const until = running_time() + most;
  std::error_code first;
  while (!left.empty() && running_time() < until) {
    carrier const c = left.extract(left.begin()).value();
    std::error_code error; // any descriptor of the file will do
    auto const fd = disk_.to_read(c, error);
    if (!error && ::fdatasync(fd->get()) != 0) error = last_error();
    if (error == std::errc::no_such_file_or_directory) continue; // deleted meanwhile
    if (error && !first) first = failed("flush", std::min(c, map_.size() - 1), error);
  }
  std::lock_guard const lock(mutex_);
  unflushed_.merge(left);
  return first;
}

void storage::close() {
  disk_.close();
  std::lock_guard const lock(mutex_);
  seen_.forget();
}

} // namespace cotorra::piece
