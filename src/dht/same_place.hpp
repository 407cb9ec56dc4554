// Whether two nodes are, for all that can be seen, of one owner.
#pragma once
#include "dht/owner.hpp"

namespace cotorra::dht {

// `addresses_shared`: in a laboratory many nodes have one address. Then only the same
// endpoint is the same place.
inline bool same_place(endpoint const& a, endpoint const& b, bool addresses_shared) {
  if (a == b) return true;
  return !addresses_shared && owner_of(a.address) == owner_of(b.address);
}

} // namespace cotorra::dht
