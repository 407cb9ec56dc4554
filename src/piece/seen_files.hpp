// How each file looked when we found it, or after our last write. A file that looks
// different later was changed by another program. A machine: storage, which holds the
// mutex, tells it what it saw.
#pragma once
#include "piece/file_stamp.hpp"
#include <cstddef>
#include <map>

namespace cotorra {

class seen_files {
public:
  explicit seen_files(std::size_t count) : files_(count) {}

  std::optional<file_stamp> stamp(std::size_t file) const { return files_[file].stamp; }

  // Before any write of ours. sure: a later change cannot leave the same stamp.
  void found(std::size_t file, file_stamp const&, bool sure);
  // Right before a write and right after it. Between the two calls, no other of our
  // writes to this file.
  void before_write(std::size_t file, file_stamp const& now);
  void wrote(std::size_t file, file_stamp const& now, bool sure);
  // A new name of ours gave it another ctime.
  void renamed(std::size_t file, file_stamp const& before, file_stamp const& now);
  // now: nullopt when it is not there. False as well when it cannot be told.
  bool untouched(std::size_t file, std::optional<file_stamp> const& now) const;

  // This name leads to that file on the disk. Gives the other file of the torrent that
  // was known to be that one, if any.
  std::optional<std::size_t> claim(std::size_t file, file_identity);

  void forget();

private:
  struct one {
    std::optional<file_stamp> stamp;
    bool sure = true;
    bool changed = false; // by another program; stays so
  };
  std::vector<one> files_;
  std::map<file_identity, std::size_t> owners_;
};

} // namespace cotorra
