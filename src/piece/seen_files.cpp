#include "piece/seen_files.hpp"

namespace cotorra::piece {

void seen_files::found(std::size_t file, file_stamp const& stamp, bool sure) {
  files_[file] = {stamp, sure, false};
}

void seen_files::before_write(std::size_t file, file_stamp const& now) {
  one& f = files_[file];
  if (f.stamp && *f.stamp != now) f.changed = true;
}

void seen_files::wrote(std::size_t file, file_stamp const& now, bool sure) {
  files_[file].stamp = now;
  files_[file].sure = sure;
}

void seen_files::renamed(std::size_t file, file_stamp const& before,
                         file_stamp const& now) {
  one& f = files_[file];
  file_stamp expected = before;
  expected.ctime = now.ctime;
  if (expected != now) f.changed = true;
  if (f.stamp) f.stamp = now;
}

bool seen_files::untouched(std::size_t file, std::optional<file_stamp> const& now) const {
  one const& f = files_[file];
  return !f.stamp || (f.sure && !f.changed && f.stamp == now);
}

std::optional<std::size_t> seen_files::claim(std::size_t file, file_identity id) {
  auto const [owner, is_new] = owners_.try_emplace(id, file);
  if (is_new || owner->second == file) return std::nullopt;
  std::size_t const other = owner->second;
  owner->second = file;
  return other;
}

void seen_files::forget() {
  files_.assign(files_.size(), {});
  owners_.clear();
}

} // namespace cotorra::piece
