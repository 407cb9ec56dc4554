#include "base/rate_meter.hpp"
#include <algorithm>

namespace cotorra {
namespace {

std::int64_t second_of(time_point t) {
  return std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()).count();
}

} // namespace

void rate_meter::add(std::uint64_t n, time_point now) {
  if (total_ == 0) first_add_ = now;
  if (ring_.empty()) ring_.resize(buckets);
  std::int64_t const second = second_of(now);
  bucket& b = ring_[static_cast<std::size_t>(second % buckets)];
  if (b.second != second) b = {second, 0};
  b.bytes += n;
  total_ += n;
}

double rate_meter::average(time_point now, std::int64_t window) const {
  if (total_ == 0) return 0;
  std::int64_t const this_second = second_of(now);
  std::uint64_t sum = 0;
  for (bucket const& b : ring_)
    if (b.second > this_second - window && b.second <= this_second) sum += b.bytes;
  // the current second is not over: it counts for the part that has passed
  time_point const from = time_point(std::chrono::seconds(this_second - window + 1));
  return static_cast<double>(sum) /
         std::max(1.0, seconds(now - std::max(from, first_add_)));
}

} // namespace cotorra
