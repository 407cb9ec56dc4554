#include "piece/file_map.hpp"
#include <algorithm>
#include <cassert>

namespace cotorra::piece {

file_map::file_map(std::vector<storage_file> files) : files_(std::move(files)) {
  begins_.reserve(files_.size() + 1);
  begins_.push_back(0);
  for (storage_file const& f : files_) begins_.push_back(begins_.back() + f.length);
}

// The last file that begins here or earlier. That is never an empty file: the next file
// begins at the same offset.
std::size_t file_map::file_at(std::uint64_t offset) const {
  assert(offset < total_length());
  auto const next = std::upper_bound(begins_.begin(), begins_.end(), offset);
  return static_cast<std::size_t>(next - begins_.begin()) - 1;
}

std::vector<file_slice> file_map::slices(std::uint64_t offset,
                                         std::uint64_t length) const {
  assert(offset <= total_length() && length <= total_length() - offset);
  std::vector<file_slice> found;
  // hole 7.1: cut the range at the borders of the files
  for (std::size_t f = length == 0 ? 0 : file_at(offset); length > 0; ++f) {
    std::uint64_t const n = std::min(length, begins_[f + 1] - offset);
    if (n > 0) found.push_back({f, offset - begins_[f], n});
    offset += n;
    length -= n;
  }
  // end hole 7.1
  return found;
}

index_range<piece_index> file_map::pieces_of(std::size_t file,
                                             piece_layout const& layout) const {
  auto const piece_at = [&](std::uint64_t offset) {
    return static_cast<piece_index>(offset / layout.piece_length());
  };
  piece_index const first = piece_at(begins_[file]);
  if (files_[file].length == 0) return {first, first};
  return {first, piece_at(begins_[file + 1] - 1) + 1};
}

index_range<std::size_t> file_map::files_of(piece_index piece,
                                            piece_layout const& layout) const {
  std::uint64_t const begin = layout.offset(piece);
  return {file_at(begin), file_at(begin + layout.size(piece) - 1) + 1};
}

} // namespace cotorra::piece
