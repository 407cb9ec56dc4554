#include "session/places.hpp"
#include <algorithm>
#include <utility>

namespace cotorra {

bool places::may_be_dialled(ip_address const& from) const {
  if (taken_ >= limit_) return false;
  return held_by(network_of(from)) <= limit_ - taken_ || from.is_loopback();
}

bool places::may_come(ip_address const& from, std::size_t to_dial) const {
  return guests_ < limit_ - std::min(limit_ / 4, to_dial) && may_be_dialled(from);
}

bool places::would_enter(visitor const& v, std::size_t to_dial,
                         visitor const& leaving) const {
  ip_address const network = network_of(v.from);
  bool const same = network == network_of(leaving.from);
  // a network past its share takes no place from others while there are free ones
  std::size_t const free = limit_ - taken_ + (same || taken_ >= limit_ ? 1 : 0);
  std::size_t const held = held_by(network) - (same ? 1 : 0);
  std::size_t const guests = guests_ - (leaving.we_dial ? 0 : 1);
  if (!v.we_dial && guests >= limit_ - std::min(limit_ / 4, to_dial)) return false;
  return held <= free || v.from.is_loopback();
}

void places::take(ip_address const& who, bool we_dialled) {
  ++of_network_[network_of(who)]; // first, as it may throw
  ++taken_;
  if (!we_dialled) ++guests_;
}

void places::leave(ip_address const& who, bool we_dialled) {
  --taken_;
  if (!we_dialled) --guests_;
  auto const held = of_network_.find(network_of(who));
  if (--held->second == 0) of_network_.erase(held);
}

std::size_t places::held_by(ip_address const& network) const {
  auto const held = of_network_.find(network);
  return held == of_network_.end() ? 0 : held->second;
}

ip_address places::network_of(ip_address a) {
  if (a.is_v6) std::fill(a.value.begin() + 6, a.value.end(), std::byte{0});
  return a;
}

place::place(places& of, ip_address const& who, bool we_dialled)
    : of_(&of), who_(who), we_dialled_(we_dialled) {
  of_->take(who_, we_dialled_);
}

place::place(place&& from) noexcept
    : of_(std::exchange(from.of_, nullptr)), who_(from.who_),
      we_dialled_(from.we_dialled_) {}

place& place::operator=(place&& from) noexcept {
  std::swap(of_, from.of_);
  std::swap(who_, from.who_);
  std::swap(we_dialled_, from.we_dialled_);
  return *this;
}

place::~place() {
  if (of_) of_->leave(who_, we_dialled_);
}

} // namespace cotorra
