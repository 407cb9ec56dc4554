// What a node answers to the queries of others (BEP 5, BEP 32, BEP 42), and the peers
// that it keeps for them. A machine: a datagram in, at most one out.
#pragma once
#include "dht/flood_guard.hpp"
#include "dht/peer_store.hpp"
#include "dht/routing_table.hpp"
#include "dht/tokens.hpp"

namespace cotorra::dht {

class answering {
public:
  answering(random_source&, keyed_hash::key const& secret, store_limits, flood_limits);

  // The nodes that we tell of, of each family. A family in which we are not has none.
  void tell_of(routing_table const* v4, routing_table const* v6) {
    v4_ = v4;
    v6_ = v6;
  }

  // The answer to a query of `size` bytes. Nothing: there is none, since its sender sends
  // too many, or since it would be too long for an address that may be forged.
  std::optional<buffer> reply(message const& question, std::size_t size,
                              endpoint const& from, time_point now);
  void expire(time_point now); // often: forgets what is old, once a minute

  // Peers that were announced to us.
  std::vector<endpoint> peers_of(node_id const& info_hash, ip_family,
                                 time_point now) const;
  peer_store const& store() const { return store_; }
  std::uint64_t refused() const { return refused_; } // queries that got no answer

private:
  using body = std::variant<query, answer, error>;
  body body_for(query const&, endpoint const& from, time_point now);
  body announced(query const&, endpoint const& from, time_point now);
  answer blank(endpoint const& from) const;
  void add_nodes(answer&, query const&, endpoint const& from, time_point now) const;
  void add_peers(answer&, query const&, endpoint const& from, time_point now) const;
  routing_table const& table_of(endpoint const& e) const {
    return e.address.is_v6 ? *v6_ : *v4_;
  }

  random_source& random_;
  routing_table const *v4_ = nullptr, *v6_ = nullptr;
  tokens tokens_;
  peer_store store_;
  flood_guard guard_;
  std::uint64_t refused_ = 0;
  time_point next_expiry_{};
};

} // namespace cotorra::dht
