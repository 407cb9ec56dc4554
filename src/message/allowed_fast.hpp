// The allowed fast set (BEP 6): pieces that a newcomer may ask for while it is choked.
// Computed from its address, so that a peer that reconnects gets the same pieces.
#pragma once
#include "base/endpoint.hpp"
#include "base/identifiers.hpp"

namespace cotorra::message {

// At most `count` different pieces, in the order of BEP 6; all of them when there are no
// more. Empty for IPv6, for which BEP 6 has no rule.
std::vector<piece_index> allowed_fast_set(ip_address const&, info_hash const&,
                                          std::size_t pieces, std::size_t count = 10);

} // namespace cotorra::message
