#include "io/rate_limit.hpp"
#include <algorithm>
#include <cmath>

namespace cotorra::io {
namespace {
constexpr std::size_t block = 16 * 1024;
constexpr std::size_t smallest_part = 1024, largest_part = 64 * 1024;
} // namespace

void rate_limit::set_rate(std::uint64_t bytes_per_second, time_point now) {
  refill(now); // what has passed by now counts by the old rate
  rate_ = bytes_per_second;
  tokens_ = std::clamp(tokens_, -burst(), burst());
  refill(now);
}

std::size_t rate_limit::part() const {
  std::size_t const above = parent_ ? parent_->part() : largest_part;
  if (rate_ == 0) return above;
  auto const share = static_cast<std::size_t>(rate_ / 64);
  return std::min(above, std::clamp(share, smallest_part, largest_part));
}

// An eighth of a second, or a block when that is more.
double rate_limit::burst() const {
  return std::max(static_cast<double>(rate_) / 8, static_cast<double>(block));
}

void rate_limit::refill(time_point now) {
  double const gone = started_ ? seconds(std::max(now - filled_, duration{})) : 0;
  started_ = true;
  filled_ = std::max(filled_, now);
  tokens_ = std::min(tokens_ + gone * static_cast<double>(rate_), burst());
  while (!queue_.empty()) {
    auto const wants = static_cast<double>(queue_.front().bytes);
    // more than the bucket holds passes when it is full, and leaves it in debt
    if (rate_ != 0 && tokens_ + 0.001 < std::min(wants, burst())) break;
    if (rate_ != 0) tokens_ -= wants;
    queue_.pop_front();
  }
}

rate_limit::ticket rate_limit::enter(std::size_t bytes) {
  queue_.push_back({next_, bytes});
  return next_++;
}

bool rate_limit::may_pass(ticket t, time_point now) {
  refill(now);
  return queue_.empty() || t < queue_.front().number;
}

time_point rate_limit::expected(ticket t, time_point now) const {
  double need = -tokens_ - seconds(now - filled_) * static_cast<double>(rate_);
  for (waiter const& w : queue_)
    if (w.number <= t) need += static_cast<double>(w.bytes);
  if (rate_ == 0 || need <= 0) return now;
  std::chrono::duration<double, std::nano> const wait(
      std::ceil(need / static_cast<double>(rate_) * 1e9));
  return now + std::chrono::duration_cast<duration>(wait);
}

void rate_limit::leave(ticket t) {
  std::erase_if(queue_, [t](waiter const& w) { return w.number == t; });
}

} // namespace cotorra::io
