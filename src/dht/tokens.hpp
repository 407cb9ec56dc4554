// Write tokens (BEP 5): an answer to get_peers gives one, and an announce_peer from the
// same address must bring it back. So a node can announce only the address at which it
// receives answers. A machine.
//
// A token is a keyed hash of what it is for: nothing is kept for the askers.
#pragma once
#include "base/endpoint.hpp"
#include "base/keyed_hash.hpp"
#include "base/time.hpp"
#include "dht/node_id.hpp"

namespace cotorra::dht {

class tokens {
public:
  static constexpr duration period = 5min; // then tokens are others; the last are taken

  explicit tokens(keyed_hash::key const& secret) : hash_(secret) {}

  // For this torrent only, as libtorrent's are: each torrent costs an asker a get_peers.
  buffer give(ip_address const& asker, node_id const& info_hash, time_point now) const;
  // It was given to this address for this torrent, less than two periods ago.
  bool accepts(bytes token, ip_address const& asker, node_id const& info_hash,
               time_point now) const;

private:
  buffer token_of(std::int64_t number, ip_address const&, node_id const&) const;

  keyed_hash hash_;
};

} // namespace cotorra::dht
