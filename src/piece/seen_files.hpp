// What each file looked like when we found it, or after our last write. If it looks
// different later, another program has changed it. A machine: storage, which holds the
// mutex, tells it what it saw.
#pragma once
#include "piece/file_stamp.hpp"
#include <cstddef>
#include <map>

namespace cotorra::piece {

class seen_files {
public:
  explicit seen_files(std::size_t count) : files_(count) {}

  std::optional<file_stamp> stamp(std::size_t file) const { return files_[file].stamp; }
  bool sure(std::size_t file) const { return files_[file].sure; } // see found()

  // Before our first write. sure: a later change cannot leave the same stamp.
  void found(std::size_t file, file_stamp const&, bool sure);
  // Right before and right after a write. Between the two calls we must not write to the
  // file again.
  void before_write(std::size_t file, file_stamp const& now);
  void wrote(std::size_t file, file_stamp const& now, bool sure);
  // We have renamed the file, which changes its ctime.
  void renamed(std::size_t file, file_stamp const& before, file_stamp const& now);
  // now: nullopt when the file does not exist. False also when we cannot tell.
  bool untouched(std::size_t file, std::optional<file_stamp> const& now) const;

  // This file of the torrent is that file on the disk. Returns another file of the
  // torrent that is the same file on the disk, if known.
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

} // namespace cotorra::piece
