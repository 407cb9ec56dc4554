// The message of ut_pex (BEP 11): a peer names those that it is connected to, and those
// that have left it. A bencoded dictionary with the addresses in compact form (BEP 23),
// IPv4 and IPv6 apart, and a byte of flags for each that is added.
#pragma once
#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include <vector>

namespace cotorra::extension {

namespace pex_flag { // what the sender knows of the peer that it names
inline constexpr std::uint8_t prefers_encryption = 0x01, seed = 0x02, utp = 0x04,
                              holepunch = 0x08, reachable = 0x10;
}

struct pex_peer {
  endpoint at;
  std::uint8_t flags = 0; // pex_flag
  bool operator==(pex_peer const&) const = default;
};

struct pex_message {
  // BEP 11 wants no more than so many in either list, of both families together. A first
  // message of others may name more; we read up to most_read.
  static constexpr std::size_t most_sent = 50, most_read = 200;

  std::vector<pex_peer> added;
  std::vector<endpoint> dropped;

  bool empty() const { return added.empty() && dropped.empty(); }
  bool operator==(pex_message const&) const = default;
};

// Passes over unknown keys, and lists that are cut in mid-address; flags that are missing
// are 0. Throws protocol_error{malformed_bencode, malformed_message, limit_exceeded} when
// this is no dictionary.
pex_message decode_pex(bytes payload);
buffer encode(pex_message const&);

} // namespace cotorra::extension
