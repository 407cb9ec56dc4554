// The addresses of a host that a person or a stranger has named.
#pragma once
#include "io/clock.hpp"
#include "io/network.hpp"

namespace cotorra::io {

// In the order of the resolver, those of `family` only, at least one. Throws
// protocol_error: cannot_connect for a name that leads nowhere in that time, no_address
// when it has none of that family.
task<std::vector<ip_address>> addresses_of(network&, clock&, std::string host, ip_family,
                                           duration patience);

} // namespace cotorra::io
