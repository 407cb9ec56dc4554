// The torrents of one run, treated as one: for the status line and the keys.
#pragma once
#include "session/torrent_handle.hpp"

namespace cotorra::cli {

class torrents {
public:
  void add(session::torrent_handle t) { all_.push_back(std::move(t)); }
  std::vector<session::torrent_handle> const& all() const { return all_; }
  bool empty() const { return all_.empty(); }

  // For one torrent, its own status. For several, the sums, and the error of the first,
  // but only when all have stopped.
  session::torrent_status status() const;
  void pause() const;
  void resume() const;

private:
  std::vector<session::torrent_handle> all_;
};

} // namespace cotorra::cli
