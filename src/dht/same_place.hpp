// Whether two nodes are at one address, and so, it may be, of one owner.
#pragma once
#include "base/endpoint.hpp"
#include <algorithm>

namespace cotorra::dht {

// Of IPv6 one owner has 2^64 addresses, so there the network counts. `addresses_shared`:
// in a laboratory many nodes have one address; then only the same endpoint is one place.
inline bool same_place(endpoint const& a, endpoint const& b, bool addresses_shared) {
  if (a == b) return true;
  if (addresses_shared || a.address.is_v6 != b.address.is_v6) return false;
  std::size_t const counts = a.address.is_v6 ? 8 : 4;
  return std::ranges::equal(a.address.view().first(counts),
                            b.address.view().first(counts));
}

} // namespace cotorra::dht
