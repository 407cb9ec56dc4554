// A file's size, times and inode. While they stay the same, so do its bytes.
#pragma once
#include <cstdint>
#include <optional>
#include <sys/stat.h>
#include <vector>

namespace cotorra::piece {

struct file_stamp {
  std::uint64_t size = 0;  // bytes
  std::int64_t mtime = 0;  // nanoseconds since 1970
  std::int64_t ctime = 0;  // the same; no program can set it back
  std::uint64_t inode = 0; // differs when another file has taken its place
  bool operator==(file_stamp const&) const = default;
};
// One for each file of the torrent; nullopt for a file that does not exist.
using file_stamps = std::vector<std::optional<file_stamp>>;

// Identifies a file on the disk, whatever its name.
struct file_identity {
  std::uint64_t device = 0, inode = 0;
  auto operator<=>(file_identity const&) const = default;
};

file_stamp stamp_of(struct stat const&);
file_identity identity_of(struct stat const&);

// The clock that the kernel stamps files with, in nanoseconds since 1970. It moves in
// ticks of up to 10 ms: two changes in one tick leave the same time.
std::int64_t file_time();

// Sets the file's mtime to the present nanosecond, which no change by another program
// reproduces. False when the disk does not keep such times, or another user owns the
// file.
bool mark_as_ours(int fd);

} // namespace cotorra::piece
