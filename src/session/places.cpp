#include "session/places.hpp"
#include <algorithm>
#include <utility>

namespace cotorra::session {

std::size_t places::kept() const { return std::min(limit_ / 4, expected_); }

bool places::has_place_for(visitor const& v) const {
  return has_place_here(v) && (!parent_ || parent_->has_place_for(v));
}

bool places::has_place_here(visitor const& v) const {
  if (taken_ >= limit_) return false;
  if (!v.we_dial && guests_ >= limit_ - kept()) return false;
  return held_by_network_of(v.from) <= limit_ - taken_ || v.from.is_loopback();
}

bool places::would_enter(visitor const& v, visitor const& leaving) const {
  if (parent_ && !parent_->would_enter(v, leaving)) return false;
  bool const same = network_of(v.from) == network_of(leaving.from);
  // a network past its share takes no place from others while there are free ones
  std::size_t const free = limit_ - taken_ + (same || taken_ >= limit_ ? 1 : 0);
  std::size_t const held = held_by_network_of(v.from) - (same ? 1 : 0);
  std::size_t const guests = guests_ - (leaving.we_dial ? 0 : 1);
  if (!v.we_dial && guests >= limit_ - kept()) return false;
  return held <= free || v.from.is_loopback();
}

void places::expect(std::size_t to_dial) {
  if (parent_) parent_->expect(parent_->expected_ - expected_ + to_dial);
  expected_ = to_dial;
}

void places::take(visitor const& v) {
  ++of_network_[network_of(v.from)]; // first, as it may throw
  if (parent_) parent_->take(v);
  ++taken_;
  if (!v.we_dial) ++guests_;
}

void places::leave(visitor const& v) {
  if (parent_) parent_->leave(v);
  --taken_;
  if (!v.we_dial) --guests_;
  auto const held = of_network_.find(network_of(v.from));
  if (--held->second == 0) of_network_.erase(held);
}

std::size_t places::held_by_network_of(ip_address const& a) const {
  auto const held = of_network_.find(network_of(a));
  return held == of_network_.end() ? 0 : held->second;
}

ip_address places::network_of(ip_address a) {
  if (a.is_v6) std::fill(a.value.begin() + 6, a.value.end(), std::byte{0});
  return a;
}

place::place(places& of, visitor const& by) : of_(&of), by_(by) { of_->take(by_); }

place::place(place&& from) noexcept
    : of_(std::exchange(from.of_, nullptr)), by_(from.by_) {}

place& place::operator=(place&& from) noexcept {
  std::swap(of_, from.of_);
  std::swap(by_, from.by_);
  return *this;
}

place::~place() {
  if (of_) of_->leave(by_);
}

} // namespace cotorra::session
