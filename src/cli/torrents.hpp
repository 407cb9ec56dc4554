// The torrents of one run as if they were one: for the status line and the keys.
#pragma once
#include "session/torrent_handle.hpp"

namespace cotorra::cli {

class torrents {
public:
  void add(torrent_handle t) { all_.push_back(std::move(t)); }
  std::vector<torrent_handle> const& all() const { return all_; }
  bool empty() const { return all_.empty(); }

  // Of one torrent, its own. Of several, the sums; the error is that of the first one,
  // and only when none of them can go on.
  torrent_status status() const;
  void pause() const;
  void resume() const;

private:
  std::vector<torrent_handle> all_;
};

} // namespace cotorra::cli
