// The ids of the DHT (BEP 5): 160 bits, as of an info_hash, so that nodes and torrents
// lie in one space and are near to each other or far. And which ids may belong to an
// address (BEP 42), so that a node cannot choose to live next to a torrent.
#pragma once
#include "base/endpoint.hpp"
#include "base/identifiers.hpp"
#include "base/random.hpp"

namespace cotorra::dht {

using node_id = identifier<struct node_tag>;
inline constexpr unsigned id_bits = 8 * node_id::size;

inline node_id id_of(info_hash const& torrent) { return node_id::from(torrent.view()); }

// BEP 5: the ids, xor, as one big-endian number. Smaller is nearer.
node_id distance(node_id const&, node_id const&);
// a is nearer to the target than b.
bool closer(node_id const& a, node_id const& b, node_id const& target);
// How many leading bits the two share: 0 to 160. Each one more halves the distance.
unsigned common_bits(node_id const&, node_id const&);

node_id random_id(random_source&);
// Random, but the first bits are those of the id: at least so many (0 to 160).
node_id random_id_sharing(node_id const&, unsigned bits, random_source&);
// The same, but exactly so many (0 to 159): the bit behind them differs.
node_id random_id_in_bucket(node_id const&, unsigned bits, random_source&);

// BEP 42: an id that belongs to the address. `r` becomes its last byte, and decides
// between the eight beginnings that an address may have. All else is random.
node_id id_for(ip_address const&, std::byte r, random_source&);
// BEP 42: the id's first 21 bits are what its last byte and the address make of them.
// True for every id on a local network or this machine, where the address seen differs
// from viewer to viewer.
bool belongs_to(node_id const&, ip_address const&);

} // namespace cotorra::dht
