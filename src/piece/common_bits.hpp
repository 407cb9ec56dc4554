// The intersection of two sets of pieces, 64 pieces at a time.
#pragma once
#include "base/bitfield.hpp"

namespace cotorra::piece {

// The first piece >= from that is in both sets; nullopt when there is none, or when the
// sets differ in size.
std::optional<std::size_t> first_common(bitfield const&, bitfield const&,
                                        std::size_t from = 0);

} // namespace cotorra::piece
