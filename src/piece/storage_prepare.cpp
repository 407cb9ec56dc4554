// Before the first byte: what already exists where the torrent's files will be?
#include "piece/storage.hpp"
#include <cerrno>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace cotorra::piece {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }
std::error_code failure(std::errc e) { return std::make_error_code(e); }

// May we write this file, or make it in the folder if it does not exist?
std::error_code may_write_in(descriptor const& folder, std::string const& name) {
  if (::faccessat(folder.get(), name.c_str(), R_OK | W_OK, AT_EACCESS) == 0) return {};
  if (errno != ENOENT) return last_error();
  int const may = ::faccessat(folder.get(), ".", W_OK | X_OK, AT_EACCESS);
  return may == 0 ? std::error_code() : last_error();
}

std::string text_of_link(descriptor const& folder, std::string const& name) {
  std::string text(4096, '\0'); // PATH_MAX
  ssize_t const n = ::readlinkat(folder.get(), name.c_str(), text.data(), text.size());
  text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
  return text;
}

std::string last_part(std::string const& path) {
  return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

// Is the clock's tick in which the file was changed over? Then a later change shows.
bool is_quiet(file_stamp const& s) { return s.ctime < file_time(); }

// Does its time lie far ahead? Then the clock was set back.
bool is_of_the_future(file_stamp const& s) {
  return s.ctime - file_time() >= 1'000'000'000;
}

} // namespace

std::string name_of(storage_file const& f) { return last_part(f.path); }

static bool is_reserved_element(std::string_view name) {
  constexpr std::string_view ours = ".cotorra-";
  std::string plain;
  for (char const c : name)
    if (static_cast<unsigned char>(c) < 0x80)
      plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return plain.starts_with(ours);
}

bool is_reserved_name(std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    std::size_t const end = std::min(path.find('/', begin), path.size());
    if (is_reserved_element(path.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

std::error_code storage::prepare() {
  bool leaves_part_file = false; // an unwanted file has bytes only there
  for (std::size_t file = 0; file < map_.size(); ++file) {
    leaves_part_file = leaves_part_file || (!wanted_[file] && disk_.in_part_file(file));
    if (std::error_code const e = prepare_file(file)) return failed("use", file, e);
  }
  if (!leaves_part_file) disk_.remove_part_file();
  struct stat info;
  if (leaves_part_file && disk_.stat_of(disk_.part_file(), info))
    if (std::error_code const e = use(disk_.part_file(), info)) return e;
  wait_until_quiet();
  return {};
}

// Looks again, a little later, at files that were changed a moment before we looked. A
// tick is 4 ms, and more on a machine that has much to do. (If the clock was set back,
// files may look new for hours: those are not waited for.)
void storage::wait_until_quiet() {
  int tries = 0;
  for (carrier c = 0; c < disk_.count(); ++c)
    for (; tries < 500 && may_get_quiet(c); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      auto const now = stamp_of_carrier(c);
      if (!now) break;
      std::lock_guard const lock(mutex_);
      seen_.found(c, *now, is_quiet(*now));
    }
}

// The tick may be over by now, but it was not when we looked: then a change may have come
// after our look and left the same time.
bool storage::may_get_quiet(carrier c) const {
  std::lock_guard const lock(mutex_);
  auto const stamp = seen_.stamp(c);
  return stamp && !seen_.sure(c) && !is_of_the_future(*stamp);
}

std::error_code storage::prepare_file(std::size_t file) {
  storage_file const& f = map_[file];
  struct stat info;
  if (f.padding) return {};
  if (!wanted_[file]) { // if it exists, only note what it looks like
    if (disk_.location_of(file) == file_location::nowhere) disk_.locate_new(file, false);
    if (disk_.of(file) != file || !disk_.stat_of(file, info)) return {};
    if (S_ISREG(info.st_mode)) return use(file, info);
    disk_.locate_new(file, false); // a link or folder of the user: we write nothing there
    return {};
  }
  if (is_reserved_name(f.path)) return failure(std::errc::operation_not_permitted);
  if (!f.link.empty()) return prepare_link(file);
  auto const there = disk_.on_disk(file);
  if (there.own && there.part) return failure(std::errc::file_exists);
  if (!there.own && !there.part) disk_.locate_new(file, true);
  if (std::error_code const e = prepare_plain(file)) return e;
  // If the file already has its own name, it may be the user's: we did not begin it after
  // the part file.
  return there.own ? std::error_code() : take_from_part_file(file);
}

std::error_code storage::prepare_plain(std::size_t file) {
  storage_file const& f = map_[file];
  std::error_code error;
  descriptor const folder = disk_.folder_of(file, true, error);
  if (error) return error;
  std::string const name = last_part(disk_.path(file));
  struct stat info;
  if (::fstatat(folder.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
    if (S_ISLNK(info.st_mode)) return failure(std::errc::too_many_symbolic_link_levels);
    if (S_ISDIR(info.st_mode)) return failure(std::errc::is_a_directory);
    if (!S_ISREG(info.st_mode)) return failure(std::errc::invalid_argument);
    auto const size = static_cast<std::uint64_t>(info.st_size);
    if (size > f.length && !overwrite_) return failure(std::errc::file_too_large);
    if (size != f.length) error = may_write_in(folder, name);
    return error ? error : use(file, info);
  }
  if (errno != ENOENT) return last_error();
  return f.length == 0 ? make_empty(file) : may_write_in(folder, name);
}

std::error_code storage::make_empty(std::size_t file) {
  std::error_code error;
  auto const fd = disk_.to_write(file, open_files::missing::make, error);
  if (!error) error = make_ready(*fd, file);
  struct stat info;
  if (error || ::fstat(fd->get(), &info) != 0) return error;
  return use(file, info);
}

// The link itself is the content (BEP 47). The reader of the torrent has checked its
// target, and no write ever follows it.
std::error_code storage::prepare_link(std::size_t file) {
  storage_file const& f = map_[file];
  std::error_code error;
  descriptor const folder = disk_.folder_of(file, true, error);
  if (error) return error;
  std::string const name = name_of(f);
  if (::symlinkat(f.link.c_str(), folder.get(), name.c_str()) == 0) return {};
  if (errno != EEXIST) return last_error();
  bool const right = text_of_link(folder, name) == f.link;
  return right ? std::error_code() : failure(std::errc::invalid_argument);
}

// An earlier run did not want the file, this one does. The check will look at the bytes.
std::error_code storage::take_from_part_file(std::size_t file) {
  for (file_slice const& s : disk_.slices_in_part_file(file)) {
    buffer data(s.length);
    std::error_code error;
    auto const from = disk_.to_read(disk_.part_file(), error);
    auto const at = disk_.offset_in_part_file(s);
    if (error || !at) return error;
    ssize_t const n =
        ::pread(from->get(), data.data(), data.size(), static_cast<off_t>(*at));
    if (n != static_cast<ssize_t>(data.size())) continue; // we will download it again
    if (std::error_code const e = write_slice(s, data)) return e;
  }
  return {};
}

std::error_code storage::use(carrier c, struct stat const& info) {
  if (c == disk_.part_file() || map_[c].length > 0)
    if (std::error_code const e = claim(c, info)) return e;
  file_stamp const now = stamp_of(info);
  bool const sure = is_quiet(now);
  std::lock_guard const lock(mutex_);
  seen_.found(c, now, sure);
  return {};
}

// Two names of the torrent can be one file on the disk: through a hard link, or because
// the disk treats the names as equal. Each would overwrite the other's bytes.
std::error_code storage::claim(carrier c, struct stat const& info) {
  std::optional<carrier> other;
  {
    std::lock_guard const lock(mutex_);
    other = seen_.claim(c, identity_of(info));
  }
  struct stat of_other;
  if (!other || !disk_.stat_of(*other, of_other) ||
      identity_of(of_other) != identity_of(info))
    return {}; // the other file is gone, and the disk has reused its inode number
  return failure(std::errc::too_many_links);
}

std::error_code storage::may_write(std::size_t file) {
  storage_file const& f = map_[file];
  carrier const c = disk_.of(file);
  auto const found = seen(c);
  if (f.padding || !f.link.empty() || c != file ||
      (wanted_[file] && (!found || found->size < f.length)))
    return {};
  std::error_code error;
  descriptor const folder = disk_.folder_of(c, false, error);
  if (!error) error = may_write_in(folder, last_part(disk_.path(c)));
  if (!error || error == std::errc::no_such_file_or_directory) return {};
  return failed("write", file, error);
}

bool storage::exists(std::size_t file) const {
  storage_file const& f = map_[file];
  if (f.padding || f.length == 0) return true;
  carrier const c = disk_.of(file);
  std::error_code error;
  descriptor const folder = disk_.folder_of(c, false, error);
  return !error && ::faccessat(folder.get(), last_part(disk_.path(c)).c_str(), R_OK,
                               AT_SYMLINK_NOFOLLOW) == 0;
}

std::optional<file_stamp> storage::stamp(std::size_t file) const {
  if (map_[file].padding) return std::nullopt;
  carrier const c = disk_.of(file);
  if (c == disk_.part_file() && !disk_.in_part_file(file)) return std::nullopt;
  return stamp_of_carrier(c);
}

std::optional<file_stamp> storage::stamp_of_carrier(carrier c) const {
  struct stat info;
  if (!disk_.stat_of(c, info) || !S_ISREG(info.st_mode)) return std::nullopt;
  return stamp_of(info);
}

std::optional<file_stamp> storage::seen(carrier c) const {
  std::lock_guard const lock(mutex_);
  return seen_.stamp(c);
}

} // namespace cotorra::piece
