// Which files are complete, which files we must not write to, and the sentences for the
// user when something fails.
#include "piece/disk_trouble.hpp"
#include "piece/storage.hpp"
#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>

namespace cotorra::piece {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }
std::error_code failure(std::errc e) { return std::make_error_code(e); }

} // namespace

std::error_code storage::begin(piece_layout const& layout, bitfield const& here,
                               std::vector<bool> const& known) {
  for (std::size_t file = 0; file < map_.size(); ++file) {
    if (map_[file].padding) continue;
    bool const may_be_foreign = !overwrite_ && (!wanted_[file] || !known[file]);
    if (may_be_foreign && is_foreign(file, layout, here)) {
      if (wanted_[file])
        return failed("use", file, failure(std::errc::operation_canceled));
      disk_.locate_new(file, false); // the user's file: our bytes go into the part file
    }
    if (std::error_code const e = cut(file)) return failed("cut", file, e);
    if (map_[file].length == 0) continue;
    auto const pieces = map_.pieces_of(file, layout);
    std::uint64_t const begins = map_.offset(file), ends = begins + map_[file].length;
    std::uint64_t lacking = 0;
    for (piece_index i = pieces.first; i < pieces.end; ++i)
      if (!here[i])
        lacking += std::min(layout.offset(i) + layout.size(i), ends) -
                   std::max(layout.offset(i), begins);
    {
      std::lock_guard const lock(mutex_);
      lacking_[file] = lacking;
    }
    if (lacking == 0)
      if (std::error_code const e = finish(file)) return failed("finish", file, e);
  }
  return {};
}

// It has bytes, but no piece of this torrent: it may be a file of the user with the same
// name. A file with ".part" is ours.
bool storage::is_foreign(std::size_t file, piece_layout const& layout,
                         bitfield const& here) {
  auto const found = seen(file);
  if (disk_.location_of(file) != file_location::own_name || !found || found->size == 0)
    return false;
  auto const pieces = map_.pieces_of(file, layout);
  for (piece_index i = pieces.first; i < pieces.end; ++i)
    if (here[i]) return false;
  std::uint64_t const there = std::min(found->size, map_[file].length);
  return look_at({file, 0, there}) == content::data; // a hole has nothing to lose
}

std::error_code storage::cut(std::size_t file) {
  auto const found = seen(file);
  if (!wanted_[file] || !found || found->size <= map_[file].length) return {};
  std::lock_guard const one_writer(writer_of(file));
  std::error_code error;
  auto const fd = disk_.to_write(file, open_files::missing::report, error);
  if (!error && ::ftruncate(fd->get(), static_cast<off_t>(map_[file].length)) != 0)
    error = last_error();
  struct stat now;
  if (error || ::fstat(fd->get(), &now) != 0) return error;
  bool const sure = mark_as_ours(fd->get());
  if (::fstat(fd->get(), &now) != 0) return last_error();
  std::lock_guard const lock(mutex_);
  seen_.wrote(file, stamp_of(now), sure);
  return {};
}

// These bytes of the file are on the disk. If they were the last, finishes the file.
std::error_code storage::came(file_slice const& s) {
  {
    std::lock_guard const lock(mutex_);
    std::uint64_t& lacking = lacking_[s.file];
    if (lacking == 0) return {};
    lacking -= std::min(lacking, s.length);
    if (lacking > 0) return {};
  }
  return finish(s.file);
}

// The new name changes the file's ctime, and nothing else.
std::error_code storage::finish(std::size_t file) {
  if (disk_.location_of(file) != file_location::part_name) return {};
  std::lock_guard const one_writer(writer_of(file));
  auto const before = stamp_of_carrier(file);
  if (std::error_code const e = disk_.finish(file)) return e;
  auto const after = stamp_of_carrier(file);
  std::lock_guard const lock(mutex_);
  if (before) seen_.before_write(file, *before);
  if (before && after) seen_.renamed(file, *before, *after);
  return {};
}

// --- what the user reads --------------------------------------------------------------

std::error_code storage::failed(char const* verb, std::size_t file, std::error_code e) {
  disk_trouble const t{verb, (root() / map_[file].path).string(), map_[file].length, e,
                       why(file, e)};
  std::string sentence = t.sentence();
  std::lock_guard const lock(mutex_);
  last_error_ = e;
  where_ = std::move(sentence);
  return e;
}

std::string storage::where(std::error_code const& e) const {
  std::lock_guard const lock(mutex_);
  if (!where_.empty() && last_error_ == e) return where_;
  return disk_trouble{"use", root().string(), 0, e}.sentence();
}

// The reason, where the error's own text says too little.
std::string storage::why(std::size_t file, std::error_code const& e) const {
  storage_file const& f = map_[file];
  struct stat info;
  if (e == std::errc::operation_not_permitted && is_reserved_name(f.path))
    return "names that begin with .cotorra- are kept for cotorra's own files";
  auto const there = disk_.on_disk(file);
  if (e == std::errc::file_exists && there.own && there.part)
    return fmt::format("\"{}.part\" is there too, and only one of them can be right",
                       name_of(f));
  if (!disk_.stat_of(file, info)) return "";
  if (e == std::errc::invalid_argument && !f.link.empty())
    return fmt::format(
        "the torrent has a symbolic link to {} there, but it is {}", f.link,
        S_ISLNK(info.st_mode) ? "a link to another place" : kind_of(info.st_mode));
  if (e == std::errc::invalid_argument && !S_ISREG(info.st_mode))
    return fmt::format("it is {}, not a plain file", kind_of(info.st_mode));
  if (e != std::errc::too_many_links) return "";
  struct stat of_other;
  for (std::size_t other = 0; other < map_.size(); ++other)
    if (other != file && !map_[other].padding && disk_.stat_of(other, of_other) &&
        identity_of(of_other) == identity_of(info))
      return fmt::format("on this disk it is the same file as \"{}\"", map_[other].path);
  return "";
}

} // namespace cotorra::piece
