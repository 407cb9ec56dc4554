// What a node remembers from one run to the next: its ids, and nodes to begin with. One
// bencoded dictionary; in it "ipv4" and "ipv6", each with "id" and "nodes" as KRPC has
// them (BEP 5, BEP 32).
#pragma once
#include "dht/krpc_wire.hpp"

namespace cotorra::dht {

struct saved_family {
  std::optional<node_id> id;
  std::vector<contact> nodes; // those to be asked first in front
  bool operator==(saved_family const&) const = default;
};

struct saved_state {
  saved_family v4, v6;
  bool operator==(saved_state const&) const = default;
};

inline constexpr std::size_t most_saved = 256;          // nodes of a family
inline constexpr std::size_t largest_state = 64 * 1024; // bytes of a file worth reading

buffer encode_state(saved_state const&);
// nullopt: that is none of these files. A node whose address is of the wrong family, and
// all past most_saved, are passed over.
std::optional<saved_state> decode_state(bytes);

} // namespace cotorra::dht
