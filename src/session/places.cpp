#include "session/places.hpp"
#include <algorithm>
#include <utility>

namespace cotorra {

bool places::may_be_dialled(ip_address const& from) const {
  if (taken_ >= limit_) return false;
  auto const held = of_network_.find(network_of(from));
  return held == of_network_.end() || held->second <= limit_ - taken_ ||
         from.is_loopback();
}

bool places::may_come(ip_address const& from, std::size_t to_dial) const {
  return guests_ < limit_ - std::min(limit_ / 4, to_dial) && may_be_dialled(from);
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
