// A torrent from outside the session; the calls are libtorrent's. It stays valid until
// the torrent is removed; afterwards its calls throw std::logic_error. To be used in the
// session's thread only.
#pragma once
#include "session/torrent_status.hpp"
#include <vector>

namespace cotorra::session {

class session;
class torrent;

class torrent_handle {
public:
  torrent_handle() = default;

  bool is_valid() const;
  bool operator==(torrent_handle const&) const = default; // of the same torrent
  torrent_status status() const;
  std::vector<peer_info> get_peer_info() const; // those connected now
  // Those that left, or that we sent away, with the reason; the last 500.
  std::vector<peer_info> past_peers() const;
  void pause() const;
  void resume() const;
  void connect_peer(endpoint) const;
  void set_sequential_download(bool) const;

private:
  friend class session;
  torrent_handle(session& s, info_hash const& hash) : session_(&s), hash_(hash) {}
  torrent& find() const;

  session* session_ = nullptr;
  info_hash hash_;
};

} // namespace cotorra::session
