#include "session/places.hpp"
#include <algorithm>

namespace cotorra {

bool places::may_be_dialled(ip_address const& from) const {
  if (!any_left()) return false;
  auto const held = of_network_.find(network_of(from));
  return held == of_network_.end() || held->second <= limit_ - taken_;
}

bool places::may_come(ip_address const& from, std::size_t known) const {
  return guests_ < limit_ - std::min(limit_ / 4, known) && may_be_dialled(from);
}

void places::take(ip_address const& who, bool we_dialled) {
  ++taken_;
  if (!we_dialled) ++guests_;
  ++of_network_[network_of(who)];
}

void places::leave(ip_address const& who, bool we_dialled) {
  --taken_;
  if (!we_dialled) --guests_;
  auto const held = of_network_.find(network_of(who));
  if (--held->second == 0) of_network_.erase(held);
}

ip_address places::network_of(ip_address a) {
  if (a.is_v6) std::fill(a.value.begin() + 8, a.value.end(), std::byte{0});
  return a;
}

} // namespace cotorra
