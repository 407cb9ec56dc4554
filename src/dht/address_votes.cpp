#include "dht/address_votes.hpp"
#include "dht/same_place.hpp"

namespace cotorra::dht {

// The new address needs more than half of the votes, too: where two addresses are seen in
// turn (two ways out), the one that we know stays.
bool address_votes::vote(ip_address const& voter, ip_address const& ours) {
  if (ours.is_local() || ours.is_v6 != voter.is_v6) return false;
  std::erase_if(votes_, [&](ballot const& b) {
    return same_place({b.voter, 0}, {voter, 0}, false);
  });
  if (votes_.size() == most) votes_.erase(votes_.begin());
  votes_.push_back({voter, ours});
  auto const n =
      static_cast<std::size_t>(std::ranges::count(votes_, ours, &ballot::ours));
  if (n < needed || 2 * n <= votes_.size() || known_ == ours) return false;
  known_ = ours;
  return true;
}

} // namespace cotorra::dht
