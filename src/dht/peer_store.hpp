// The peers that other nodes have announced to this one (BEP 5), by torrent: this node's
// share of the hash table. A machine. All of it comes from strangers, so all is bounded:
// what is full loses its oldest peer, or its smallest torrent.
#pragma once
#include "base/random.hpp"
#include "base/time.hpp"
#include "dht/krpc_wire.hpp"
#include <array>
#include <map>

namespace cotorra::dht {

struct store_limits {
  std::size_t torrents = 2000;
  std::size_t peers = 20'000;         // of all torrents
  std::size_t peers_of_torrent = 500; // of each family
  // Of one owner of addresses, in all torrents and in one. A node keeps few of the
  // world's torrents, so that one client announces few to it.
  std::size_t peers_of_owner = 100, peers_of_owner_in_torrent = 8;
};

class peer_store {
public:
  static constexpr duration lifetime = 30min; // clients announce themselves more often

  explicit peer_store(store_limits = {});

  // Anew, or again. False: its owner has announced too much already.
  bool announce(node_id const& info_hash, endpoint const& peer, time_point now);
  // Peers of one family (BEP 32), chosen at random and in random order.
  std::vector<endpoint> choose(node_id const& info_hash, ip_family, std::size_t most,
                               random_source&, time_point now) const;
  void expire(time_point now); // forgets what was not announced again

  std::size_t torrents() const { return torrents_.size(); }
  std::size_t peers() const { return peers_; }

private:
  struct record {
    endpoint peer;
    time_point announced;
  };
  // The one that was announced longest ago is the first.
  using swarm = std::array<std::vector<record>, 2>; // of IPv4 and of IPv6
  // No hash table: strangers choose the keys, and would choose those that collide.
  using map = std::map<node_id, swarm>;

  static std::vector<record>& of(swarm& s, ip_address const& a) { return s[a.is_v6]; }
  static std::size_t size(swarm const& s) { return s[0].size() + s[1].size(); }
  bool owner_has_room(std::vector<record> const&, ip_address const& owner) const;
  void make_room(node_id const& for_torrent);
  void forget(std::vector<record>&, std::vector<record>::iterator);
  void forget_first(swarm&);

  store_limits const limits_;
  map torrents_;
  std::map<ip_address, std::size_t> of_owner_;
  std::size_t peers_ = 0;
};

} // namespace cotorra::dht
