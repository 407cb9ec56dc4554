// How long an answer may be. The sender of a datagram is easily forged, and what is
// answered goes to the victim: so until an address is proven, an answer is at most three
// times as long as the question, and a node is of no use to amplify a flood.
#pragma once
#include "dht/krpc_wire.hpp"

namespace cotorra::dht {

inline constexpr std::size_t longest_datagram = 1024; // BEP 32

// In bytes. Proven: a node at that address has answered a query of ours, so it receives
// what is sent there.
std::size_t longest_answer(std::size_t question, bool proven);

// The message in at most so many bytes. What helps the asker least is left out: peers
// beyond the first few, then the last nodes, of the family that has more of them, then
// the rest. nullopt: not even a bare one would fit.
std::optional<buffer> encode_within(std::size_t most, message);

} // namespace cotorra::dht
