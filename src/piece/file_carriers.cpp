#include "piece/file_carriers.hpp"
#include <cerrno>
#include <fcntl.h>
#include <stdio.h> // renameat2
#include <unistd.h>

namespace cotorra::piece {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

std::string last_part(std::string const& path) {
  return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

// Not every file system can refuse, in one step, to replace a file.
int rename_new(int folder, std::string const& from, std::string const& to) {
  int done = ::renameat2(folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE);
  if (done == 0 || (errno != EINVAL && errno != ENOSYS)) return done;
  if (::faccessat(folder, to.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
    errno = EEXIST;
    return -1;
  }
  return ::renameat(folder, from.c_str(), folder, to.c_str());
}

} // namespace

file_carriers::file_carriers(std::filesystem::path root, file_map const& files,
                             std::size_t most_open)
    : files_(files), open_(std::move(root), most_open), locations_(files),
      at_(files.size(), file_location::nowhere) {}

void file_carriers::use_part_file(std::string name) {
  part_name_ = std::move(name);
  locations_.use_part_file(!part_name_.empty());
}

// --- where ----------------------------------------------------------------------------

file_locations::there file_carriers::on_disk(std::size_t file) {
  struct stat info;
  file_locations::there found;
  found.own = stat_at(path_at(file, file_location::own_name), info);
  found.part = locations_.has_part_name(file) &&
               stat_at(path_at(file, file_location::part_name), info);
  return found;
}

file_location file_carriers::location_of(std::size_t file) {
  {
    std::lock_guard const lock(mutex_);
    if (at_[file] != file_location::nowhere) return at_[file];
  }
  file_location found = locations_.find(file, on_disk(file));
  if (found == file_location::nowhere && in_part_file(file))
    found = file_location::part_file;
  std::lock_guard const lock(mutex_);
  return at_[file] = found;
}

file_carriers::carrier file_carriers::of(std::size_t file) {
  return location_of(file) == file_location::part_file ? part_file() : file;
}

void file_carriers::locate_new(std::size_t file, bool wanted) {
  file_location const where = locations_.for_new(file, wanted);
  std::lock_guard const lock(mutex_);
  at_[file] = where;
}

std::string file_carriers::path_at(std::size_t file, file_location where) const {
  return locations_.path(file, where);
}

std::string file_carriers::path(carrier c) {
  if (c == part_file()) return part_name_;
  file_location const where = location_of(c);
  return path_at(c, where == file_location::part_name ? where : file_location::own_name);
}

// --- the disk -------------------------------------------------------------------------

open_files::handle file_carriers::to_read(carrier c, std::error_code& error) {
  auto fd = open_.to_read(c, path(c), error);
  bool const finished_meanwhile =
      error == std::errc::no_such_file_or_directory && c != part_file();
  if (finished_meanwhile)
    fd = open_.to_read(c, path_at(c, file_location::own_name), error);
  return fd;
}

open_files::handle file_carriers::to_write(carrier c, open_files::missing what,
                                           std::error_code& error) {
  return open_.to_write(c, path(c), what, error);
}

descriptor file_carriers::folder_of(carrier c, bool make, std::error_code& error) {
  return open_.folder_of(path(c), make, error);
}

bool file_carriers::stat_of(carrier c, struct stat& info) {
  return stat_at(path(c), info);
}

bool file_carriers::stat_at(std::string const& path, struct stat& info) {
  std::error_code error;
  descriptor const folder = open_.folder_of(path, false, error);
  return !error && ::fstatat(folder.get(), last_part(path).c_str(), &info,
                             AT_SYMLINK_NOFOLLOW) == 0;
}

// Another process may have renamed the same file meanwhile.
std::error_code file_carriers::finish(std::size_t file) {
  if (location_of(file) != file_location::part_name) return {};
  std::string const from = last_part(path_at(file, file_location::part_name));
  std::string const to = last_part(files_[file].path);
  std::error_code error;
  descriptor const folder = open_.folder_of(files_[file].path, false, error);
  if (error) return error;
  if (rename_new(folder.get(), from, to) != 0) {
    error = last_error();
    bool const finished = error == std::errc::no_such_file_or_directory &&
                          ::faccessat(folder.get(), to.c_str(), R_OK, 0) == 0;
    if (!finished) return error;
  }
  std::lock_guard const lock(mutex_);
  at_[file] = file_location::own_name;
  return {};
}

void file_carriers::close() {
  open_.close();
  std::lock_guard const lock(mutex_);
  at_.assign(files_.size(), file_location::nowhere);
  parts_ = {};
  loaded_ = false;
}

// --- the part file --------------------------------------------------------------------

namespace {

// A file of the user with that name is not a part file.
bool is_part_file(int fd) {
  struct stat info;
  buffer mark(part_mark_size);
  return ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
         ::pread(fd, mark.data(), mark.size(), 0) == ssize_t{part_mark_size} &&
         begins_part_file(mark);
}

bool is_empty(int fd) {
  struct stat info;
  return ::fstat(fd, &info) == 0 && info.st_size == 0;
}

} // namespace

void file_carriers::load_part_file() {
  if (loaded_) return;
  loaded_ = true;
  if (part_name_.empty()) return;
  std::error_code error;
  auto const fd = open_.to_read(part_file(), part_name_, error);
  struct stat info;
  if (error || ::fstat(fd->get(), &info) != 0 || !S_ISREG(info.st_mode)) return;
  auto const size = static_cast<std::uint64_t>(info.st_size);
  buffer head(part_head_size);
  while (size - parts_.end() >= part_head_size &&
         ::pread(fd->get(), head.data(), head.size(), static_cast<off_t>(parts_.end())) ==
             ssize_t{part_head_size}) {
    auto const record = decode_part_record(head);
    if (!record || record->length > size - parts_.end() - part_head_size) return;
    parts_.add(*record);
  }
}

bool file_carriers::in_part_file(std::size_t file) {
  std::lock_guard const lock(mutex_);
  load_part_file();
  return parts_.any(files_.offset(file), files_[file].length);
}

std::optional<std::uint64_t> file_carriers::offset_of(file_slice const& s) {
  return of(s.file) == part_file() ? offset_in_part_file(s) : s.offset;
}

std::optional<std::uint64_t> file_carriers::offset_in_part_file(file_slice const& s) {
  std::lock_guard const lock(mutex_);
  load_part_file();
  return parts_.find(files_.offset(s.file) + s.offset, s.length);
}

std::uint64_t file_carriers::room_for(file_slice const& s, int fd,
                                      std::error_code& error) {
  if (auto const known = offset_of(s)) return *known;
  std::lock_guard const lock(mutex_);
  if (!is_part_file(fd) && !is_empty(fd)) {
    error = std::make_error_code(std::errc::wrong_protocol_type); // see disk_trouble
    return 0;
  }
  part_record const record{files_.offset(s.file) + s.offset,
                           static_cast<std::uint32_t>(s.length)};
  buffer const head = encode(record);
  std::uint64_t const at = parts_.end();
  bool const written = ::ftruncate(fd, static_cast<off_t>(at)) == 0 &&
                       ::pwrite(fd, head.data(), head.size(), static_cast<off_t>(at)) ==
                           ssize_t{part_head_size};
  if (!written) error = last_error();
  if (written) parts_.add(record);
  return at + part_head_size;
}

std::vector<file_slice> file_carriers::slices_in_part_file(std::size_t file) {
  std::lock_guard const lock(mutex_);
  load_part_file();
  std::vector<file_slice> found;
  std::uint64_t const begin = files_.offset(file);
  for (part_record const& r : parts_.in(begin, files_[file].length))
    found.push_back({file, r.offset - begin, r.length});
  return found;
}

void file_carriers::remove_part_file() {
  if (part_name_.empty()) return;
  std::error_code error;
  bool ours = false;
  if (auto const fd = open_.to_read(part_file(), part_name_, error); !error)
    ours = is_part_file(fd->get());
  descriptor const folder = open_.folder_of(part_name_, false, error);
  if (ours && !error) ::unlinkat(folder.get(), part_name_.c_str(), 0);
  std::lock_guard const lock(mutex_);
  parts_ = {};
}

} // namespace cotorra::piece
