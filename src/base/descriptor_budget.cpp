#include "base/descriptor_budget.hpp"
#include <algorithm>
#include <sys/resource.h>

namespace cotorra {
namespace {

constexpr std::size_t kept_back = 64;   // for everything else, unless the limit is small
constexpr std::size_t most_files = 128; // more open files make nothing faster
constexpr std::size_t most_strangers = 64;
constexpr std::size_t most_limit = 1 << 20; // RLIM_INFINITY cannot be shared out

} // namespace

descriptor_budget share_out(std::size_t limit) {
  limit = std::min(limit, most_limit);
  std::size_t const free = limit - std::min(limit * 3 / 8, kept_back);
  descriptor_budget b;
  b.files = std::clamp<std::size_t>(free / 4, 1, most_files);
  b.strangers = std::clamp<std::size_t>(free / 8, 1, most_strangers);
  b.peers = free > b.files + b.strangers ? free - b.files - b.strangers : 1;
  return b;
}

std::size_t descriptor_limit() {
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return 256; // never seen; small, so safe
  return static_cast<std::size_t>(std::min<rlim_t>(now.rlim_cur, most_limit));
}

} // namespace cotorra
