// How a file looks from outside. While it looks the same, its bytes are the same.
#pragma once
#include <cstdint>
#include <optional>
#include <sys/stat.h>
#include <vector>

namespace cotorra {

struct file_stamp {
  std::uint64_t size = 0;  // bytes
  std::int64_t mtime = 0;  // nanoseconds since 1970
  std::int64_t ctime = 0;  // the same; no program can set it back
  std::uint64_t inode = 0; // another file that was put in its place has another one
  bool operator==(file_stamp const&) const = default;
};
// One for each file of the torrent; nullopt for one that is not there.
using file_stamps = std::vector<std::optional<file_stamp>>;

// Which file on the disk it is, whatever its name.
struct file_identity {
  std::uint64_t device = 0, inode = 0;
  auto operator<=>(file_identity const&) const = default;
};

file_stamp stamp_of(struct stat const&);
file_identity identity_of(struct stat const&);

// The clock that the kernel stamps files with, in nanoseconds since 1970. It moves in
// ticks of up to 10 ms: two changes in one tick leave the same time.
std::int64_t file_time();

// Gives the file the present time as its mtime, to the nanosecond: no change by another
// program gives it the same. False when the disk keeps no such times, or the file is
// another user's.
bool mark_as_ours(int fd);

} // namespace cotorra
