// KRPC (BEP 5): one bencoded dictionary in a datagram asks, one in another answers, and a
// transaction id that the answer repeats says what it answers. IPv6: BEP 32; whose
// address is what: BEP 42; nodes that only ask: BEP 43.
#pragma once
#include "dht/node_id.hpp"
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cotorra::dht {

struct contact { // a node, and where it is
  node_id id;
  endpoint at;
  auto operator<=>(contact const&) const = default;
};

struct query {
  enum class method : std::uint8_t { ping, find_node, get_peers, announce_peer, other };

  method what = method::ping;
  std::string name; // of another method: it is answered with error 204
  // The first argument that is missing, or is not what BEP 5 says: the query is answered
  // with error 203. Empty: all that the method needs is there.
  std::string_view missing;
  node_id id;             // of the node that asks
  bool read_only = false; // "ro": it answers no queries, so it belongs in no table
  node_id target;         // find_node: "target"; get_peers, announce_peer: "info_hash"
  bool want_v4 = false;   // "want": which nodes it asks for. Neither: those of the family
  bool want_v6 = false;   // in which it asks
  std::uint16_t port = 0; // announce_peer: where the peer listens
  bool implied_port = false; // announce_peer: on the port from which the query came
  buffer token;              // announce_peer: from our answer to its get_peers

  bool operator==(query const&) const = default;
};

std::string_view name(query::method); // "find_node"; of another one: empty

struct answer {
  node_id id;
  std::vector<contact> nodes;           // "nodes" and "nodes6"
  std::vector<endpoint> peers;          // "values"
  buffer token;                         // for an announce_peer to this node; empty: none
  std::optional<endpoint> your_address; // "ip": where the answering node sees the other

  bool operator==(answer const&) const = default;
};

struct error {
  static constexpr std::int64_t generic = 201, server = 202, protocol = 203,
                                unknown_method = 204;
  std::int64_t code = generic;
  std::string text;

  bool operator==(error const&) const = default;
};

struct message {
  buffer transaction;
  std::variant<query, answer, error> body;
  std::string version{}; // "v": two letters for the client, two bytes for its version

  bool operator==(message const&) const = default;
};

// No more of them is kept, or sent. A longer transaction id makes the datagram garbage.
inline constexpr std::size_t longest_transaction = 64, longest_token = 128;
inline constexpr std::size_t most_nodes = 32, most_peers = 256; // nodes: of each family

// Of a whole datagram. nullopt: this is no message of KRPC, or lacks a part that all
// have. Passes over unknown keys, keys out of order, and bytes behind the end.
std::optional<message> decode(bytes datagram);
// What is empty or false is left out.
buffer encode(message const&);

} // namespace cotorra::dht
