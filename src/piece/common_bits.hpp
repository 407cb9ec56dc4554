// What two sets of pieces have in common, 64 pieces at a time.
#pragma once
#include "base/bitfield.hpp"

namespace cotorra {

// The first piece >= from that is in both; nullopt when there is none, or when the sets
// are of different torrents (sizes).
std::optional<std::size_t> first_common(bitfield const&, bitfield const&,
                                        std::size_t from = 0);

} // namespace cotorra
