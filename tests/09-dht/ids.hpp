// Ids and endpoints for the tests of the DHT's machines.
#pragma once
#include "09-dht/print.hpp"
#include "dht/krpc_wire.hpp"

namespace cotorra::test {

// The id whose first bits are these, whose last byte is `tail`, and that is zero else.
inline dht::node_id id(std::string_view first_bits, unsigned tail = 0) {
  dht::node_id out;
  for (std::size_t i = 0; i < first_bits.size(); ++i)
    if (first_bits[i] == '1') out.value[i / 8] |= std::byte{0x80} >> (i % 8);
  out.value.back() = static_cast<std::byte>(tail);
  return out;
}

inline endpoint at(std::string_view text) { return endpoint::parse(text).value(); }

// Where node n is: 10.0.0.0 plus n, an address of its own. A local one, to which each id
// belongs.
inline endpoint place(unsigned n) { return {ip_address::v4(0x0a000000 + n), 6881}; }
inline dht::contact node(std::string_view first_bits, unsigned n) {
  return {id(first_bits, n), place(n)};
}

} // namespace cotorra::test
