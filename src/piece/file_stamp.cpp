#include "piece/file_stamp.hpp"
#include <ctime>
#include <fcntl.h>

namespace cotorra::piece {
namespace {

std::int64_t nanoseconds(timespec const& t) {
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

} // namespace

file_stamp stamp_of(struct stat const& info) {
  return {static_cast<std::uint64_t>(info.st_size), nanoseconds(info.st_mtim),
          nanoseconds(info.st_ctim), info.st_ino};
}

file_identity identity_of(struct stat const& info) { return {info.st_dev, info.st_ino}; }

std::int64_t file_time() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return nanoseconds(now);
}

bool mark_as_ours(int fd) {
  timespec now{}, tick{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  ::clock_gettime(CLOCK_REALTIME_COARSE, &tick);
  if (nanoseconds(now) == nanoseconds(tick)) now.tv_nsec ^= 1; // never the tick itself
  timespec const access_and_change[2] = {{0, UTIME_OMIT}, now};
  struct stat info;
  return ::futimens(fd, access_and_change) == 0 && ::fstat(fd, &info) == 0 &&
         nanoseconds(info.st_mtim) == nanoseconds(now);
}

} // namespace cotorra::piece
