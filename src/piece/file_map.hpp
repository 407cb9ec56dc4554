// A torrent is one run of bytes: its files, end to end (BEP 3). Padding files (BEP 47)
// count too, but are zeros that are never stored.
#pragma once
#include "piece/layout.hpp"
#include <string>
#include <vector>

namespace cotorra::piece {

struct storage_file {
  std::string path;         // below the root, parts separated by '/'
  std::uint64_t length = 0; // bytes
  bool padding = false;
  bool executable = false;
  // Not empty: a symbolic link (BEP 47) with this text, relative to the link's folder. It
  // has no bytes.
  std::string link = "";
};

// A part of one file.
struct file_slice {
  std::size_t file = 0;     // index
  std::uint64_t offset = 0; // in the file
  std::uint64_t length = 0; // never 0
  bool operator==(file_slice const&) const = default;
};

// Half open: first ... end - 1.
template <class Index> struct index_range {
  Index first = 0, end = 0;
  bool empty() const { return first == end; }
  bool operator==(index_range const&) const = default;
};

class file_map {
public:
  explicit file_map(std::vector<storage_file>);

  std::size_t size() const { return files_.size(); }
  storage_file const& operator[](std::size_t file) const { return files_[file]; }
  std::uint64_t total_length() const { return begins_.back(); }
  std::uint64_t offset(std::size_t file) const { return begins_[file]; } // in the torrent

  // Which parts of which files these bytes are, in order. The range must lie inside the
  // torrent.
  std::vector<file_slice> slices(std::uint64_t offset, std::uint64_t length) const;

  // The pieces that hold bytes of this file: none if the file is empty.
  index_range<piece_index> pieces_of(std::size_t file, piece_layout const&) const;
  // The files that hold bytes of this piece, including empty files in between.
  index_range<std::size_t> files_of(piece_index, piece_layout const&) const;

private:
  std::size_t file_at(std::uint64_t offset) const;

  std::vector<storage_file> files_;
  std::vector<std::uint64_t> begins_; // per file, and after the last the total
};

} // namespace cotorra::piece
