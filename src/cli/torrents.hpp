// The torrents of one run, treated as one: for the status line and the keys.
#pragma once
#include "session/torrent_handle.hpp"

namespace cotorra::cli {

class torrents {
public:
  void add(session::torrent_handle const&);
  std::vector<session::torrent_handle> const& all() const { return all_; }
  bool empty() const { return all_.empty(); }

  // For one torrent, its own status. For several, the sums, and the error of the first,
  // but only when all have stopped.
  session::torrent_status status() const;
  // Of those that are still in the session: the key c removes some.
  void pause() const;
  void resume() const; // but not those that have retired
  // Pauses a torrent that has done what the user asked for.
  void retire(session::torrent_handle const&);

private:
  std::vector<session::torrent_handle> all_, retired_;
};

} // namespace cotorra::cli
