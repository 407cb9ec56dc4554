// Of IPv4 an owner has an address; of IPv6 a network, with 2^64 addresses in it. What is
// counted for each owner is counted by this.
#pragma once
#include "base/endpoint.hpp"
#include <algorithm>

namespace cotorra::dht {

inline ip_address owner_of(ip_address const& a) {
  ip_address owner = a;
  if (a.is_v6) std::fill(owner.value.begin() + 8, owner.value.end(), std::byte{0});
  return owner;
}

inline bool is_one_host(ip_address const& a) {
  return !a.is_unspecified() && !a.is_many_hosts();
}

} // namespace cotorra::dht
