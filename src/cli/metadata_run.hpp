// A run of `metadata`: the info dictionary of a magnet link from its peers, and nothing
// else.
#pragma once
#include "cli/follow.hpp"
#include "cli/search.hpp"
#include "metainfo/magnet_wire.hpp"
#include "session/session.hpp"

namespace cotorra::cli {

struct metadata_options : dht_wishes {
  std::string link, output, listen, ca;
  std::vector<std::string> peers, trackers;
  bool force = false, json = false, local_trackers = false;
};

class metadata_run {
public:
  metadata_run(io::world, metadata_options const&);

  task<int> run(); // the exit status
  void interrupt();

private:
  task<session::add_torrent_params> wanted();
  bool look();
  void tell_search(session::torrent_status const&);
  void write() const;

  io::world world_;
  metadata_options const& options_;
  metainfo::magnet const link_;
  std::shared_ptr<metainfo::metainfo const> info_; // once it is known
  metainfo::metainfo shown_;                       // what the link itself says
  std::vector<endpoint> asked_;
  dht_home const dht_;
  std::optional<session::session> session_;
  std::optional<follower> follower_;
  torrents torrents_;
  search_watch search_;
  bool interrupted_ = false;
};

} // namespace cotorra::cli
