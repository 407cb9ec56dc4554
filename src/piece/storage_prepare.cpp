// Before the first byte: what lies where the torrent's files are to be?
#include "piece/disk_trouble.hpp"
#include "piece/storage.hpp"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <thread>
#include <unistd.h>

namespace cotorra {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }
std::error_code failure(std::errc e) { return std::make_error_code(e); }

// Of the folder itself, or of a file in it that may be absent.
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

// The clock's tick in which the file was changed is over: a later change shows.
bool is_quiet(file_stamp const& s) { return s.ctime < file_time(); }

} // namespace

std::string name_of(storage_file const& f) {
  return f.path.substr(f.path.rfind('/') + 1); // npos + 1 is 0
}

bool is_reserved_name(std::string_view name) {
  constexpr std::string_view ours = ".cotorra-";
  std::string plain;
  for (char const c : name)
    if (static_cast<unsigned char>(c) < 0x80)
      plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return plain.starts_with(ours);
}

std::error_code storage::prepare() {
  for (std::size_t file = 0; file < map_.size(); ++file)
    if (std::error_code const e = prepare_file(file)) return failed("use", file, e);
  // A file that was changed a moment ago is looked at once more, a moment later.
  for (std::size_t file = 0; file < map_.size(); ++file)
    for (int tries = 0; tries < 10 && seen(file) && !is_quiet(*seen(file)); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      auto const now = stamp(file);
      std::lock_guard const lock(mutex_);
      if (now) seen_.found(file, *now, is_quiet(*now));
    }
  return {};
}

std::error_code storage::prepare_file(std::size_t file) {
  storage_file const& f = map_[file];
  struct stat info;
  if (f.padding) return {};
  if (!wanted_[file]) // of one that is there we want to know how it looks, no more
    return stat_of(file, info) && S_ISREG(info.st_mode) ? use(file, info)
                                                        : std::error_code();
  if (is_reserved_name(f.path)) return failure(std::errc::operation_not_permitted);
  std::error_code error;
  descriptor const folder = open_.folder_of(f.path, true, error);
  if (error) return error;
  if (!f.link.empty()) return prepare_link(folder, file);
  std::string const name = name_of(f);
  if (::fstatat(folder.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
    if (S_ISLNK(info.st_mode)) return failure(std::errc::too_many_symbolic_link_levels);
    if (S_ISDIR(info.st_mode)) return failure(std::errc::is_a_directory);
    if (!S_ISREG(info.st_mode)) return failure(std::errc::invalid_argument);
    auto const size = static_cast<std::uint64_t>(info.st_size);
    if (size > f.length) return failure(std::errc::file_too_large);
    if (size < f.length) error = may_write_in(folder, name);
    return error ? error : use(file, info);
  }
  if (errno != ENOENT) return last_error();
  return f.length == 0 ? make_empty(file) : may_write_in(folder, name);
}

std::error_code storage::make_empty(std::size_t file) {
  std::error_code error;
  auto const fd = open_.to_write(file, map_[file].path, open_files::missing::make, error);
  if (!error) error = make_ready(*fd, file);
  struct stat info;
  if (error || ::fstat(fd->get(), &info) != 0) return error;
  return use(file, info);
}

std::error_code storage::use(std::size_t file, struct stat const& info) {
  if (map_[file].length > 0)
    if (std::error_code const e = claim(file, info)) return e;
  file_stamp const now = stamp_of(info);
  bool const sure = is_quiet(now);
  std::lock_guard const lock(mutex_);
  seen_.found(file, now, sure);
  return {};
}

// Two names of the torrent can be one file on the disk: by a hard link, or since the disk
// takes different names for the same. Each would write over the other's bytes.
std::error_code storage::claim(std::size_t file, struct stat const& info) {
  std::optional<std::size_t> other;
  {
    std::lock_guard const lock(mutex_);
    other = seen_.claim(file, identity_of(info));
  }
  struct stat of_other;
  if (!other || !stat_of(*other, of_other) || identity_of(of_other) != identity_of(info))
    return {}; // that one is gone, and the disk uses its number again
  return failure(std::errc::too_many_links);
}

// The link itself is the content (BEP 47): its target was checked when the torrent was
// read, and no write ever follows it.
std::error_code storage::prepare_link(descriptor const& folder, std::size_t file) {
  storage_file const& f = map_[file];
  std::string const name = name_of(f);
  if (::symlinkat(f.link.c_str(), folder.get(), name.c_str()) == 0) return {};
  if (errno != EEXIST) return last_error();
  bool const right = text_of_link(folder, name) == f.link;
  return right ? std::error_code() : failure(std::errc::invalid_argument);
}

std::error_code storage::may_write(std::size_t file) {
  storage_file const& f = map_[file];
  auto const found = seen(file);
  if (f.padding || !f.link.empty() ||
      (wanted_[file] && (!found || found->size < f.length)))
    return {};
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

bool storage::stat_of(std::size_t file, struct stat& info) const {
  std::error_code error;
  descriptor const folder = open_.folder_of(map_[file].path, false, error);
  return !error && ::fstatat(folder.get(), name_of(map_[file]).c_str(), &info,
                             AT_SYMLINK_NOFOLLOW) == 0;
}

std::optional<file_stamp> storage::stamp(std::size_t file) const {
  struct stat info;
  if (map_[file].padding || !stat_of(file, info) || !S_ISREG(info.st_mode))
    return std::nullopt;
  return stamp_of(info);
}

std::optional<file_stamp> storage::seen(std::size_t file) const {
  std::lock_guard const lock(mutex_);
  return seen_.stamp(file);
}

// What an error's own words do not tell.
std::string storage::why(std::size_t file, std::error_code const& e) const {
  storage_file const& f = map_[file];
  struct stat info;
  if (e == std::errc::operation_not_permitted && is_reserved_name(f.path))
    return "names that begin with .cotorra- are kept for cotorra's own files";
  if (!stat_of(file, info)) return "";
  if (e == std::errc::invalid_argument && !f.link.empty())
    return fmt::format(
        "the torrent has a symbolic link to {} there, but it is {}", f.link,
        S_ISLNK(info.st_mode) ? "a link to another place" : kind_of(info.st_mode));
  if (e == std::errc::invalid_argument && !S_ISREG(info.st_mode))
    return fmt::format("it is {}, and no plain file", kind_of(info.st_mode));
  if (e != std::errc::too_many_links) return "";
  struct stat of_other;
  for (std::size_t other = 0; other < map_.size(); ++other)
    if (other != file && !map_[other].padding && stat_of(other, of_other) &&
        identity_of(of_other) == identity_of(info))
      return fmt::format("on this disk it is the same file as \"{}\"", map_[other].path);
  return "";
}

} // namespace cotorra
