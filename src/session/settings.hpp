// What a session may use of the machine and of its peers' patience.
#pragma once
#include "base/descriptor_budget.hpp"
#include "base/endpoint.hpp"
#include "base/time.hpp"
#include "choke/choker.hpp"
#include "dht/state_wire.hpp"
#include "io/tls.hpp"
#include <cstddef>
#include <vector>

namespace cotorra::session {

struct settings {
  // Where to listen. Empty: IPv4 and IPv6, on the first free port of 6881-6889, else on
  // any.
  std::vector<endpoint> listen_interfaces;
  // A .torrent cannot make us ask anything of our own network but /announce (as
  // libtorrent's setting of that name). False in a laboratory with other trackers.
  bool ssrf_mitigation = true;

  std::uint64_t download_rate_limit = 0; // bytes per second, 0 = none
  std::uint64_t upload_rate_limit = 0;
  std::size_t connections_limit = 200; // of the session
  std::size_t connections_limit_per_torrent = 80;
  std::size_t half_open_limit = 256; // dials at the same time
  std::size_t strangers_limit = 64;  // that dialled us, before their handshake
  // For each torrent, the optimistic one included; a seed has more when it uploads fast.
  // 0 = every peer.
  std::size_t unchoke_slots = choke::choker_options::usual_slots;
  std::size_t request_depth = 0; // of ours with each peer; 0 = as many as its rate needs
  std::size_t max_in_request_queue =
      2000; // requests that a peer may have waiting with us

  duration connect_timeout = 10s;
  duration handshake_timeout = 10s;
  duration peer_timeout =
      180s; // silent for longer than a keep-alive is due (BEP 3: 2 min)
  duration keep_alive_interval = 60s; // well below that
  duration useless_after =
      5min; // without a block either way, when connections are scarce

  std::size_t open_pieces_limit = 48 << 20; // bytes of unfinished pieces in memory
  std::size_t disk_queue_limit =
      24 << 20; // bytes on their way to the disk; beyond it we stop reading from peers
  std::size_t send_watermark = 1 << 20; // bytes read ahead of a peer's socket

  static constexpr std::size_t largest_run =
      256 << 10; // bytes of one read from disk for a peer

  bool announce = true; // false: no tracker is asked
  // The authorities that may vouch for a tracker over https; null: those of the system.
  std::shared_ptr<io::trust const> trust{};

  struct dht_settings {
    bool on = false;
    std::vector<endpoint> entrances{}; // nodes to begin with, besides those of .torrents
    cotorra::dht::saved_state state{}; // of the last run
    bool addresses_shared = false;     // a laboratory: many nodes at one address
  };
  dht_settings dht{};
};

// The same, with fewer connections than the process may have files open: the rest is for
// the torrents' files.
settings within(descriptor_budget const&, settings);

// Where peers can dial us, once the session listens: what trackers are told.
struct listening {
  std::uint16_t port = 0;
  std::vector<ip_family> families{}; // each once
};

} // namespace cotorra::session
