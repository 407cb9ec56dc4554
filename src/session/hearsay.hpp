// Addresses that strangers name: other peers (BEP 11), nodes of the DHT (BEP 5). A
// stranger could use us against others, so not all that it names is dialled.
#pragma once
#include "base/endpoint.hpp"

namespace cotorra::session {

// - Ports below 1024 belong to mail, web and other servers.
// - An address of our own network means another host where a stranger is. Only a peer of
//   our own network may name it, and only one of this machine may name this machine.
inline bool may_believe(ip_address const& teller, endpoint const& named) {
  constexpr std::uint16_t first_of_users = 1024;
  if (named.port < first_of_users || named.address.is_unspecified()) return false;
  return named.address.means_the_same_at(teller);
}

} // namespace cotorra::session
