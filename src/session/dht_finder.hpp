// What a torrent asks the DHT, and tells it: which peers there are, and that we are one.
#pragma once
#include "session/connections.hpp"
#include "session/dht_service.hpp"
#include "session/finder.hpp"

namespace cotorra::session {

class dht_finder : public finder {
public:
  // All must outlive it.
  dht_finder(connections::surroundings, add_torrent_params const&, connections&);

  peer_source source() const override { return peer_source::dht; }
  task<> run() override;
  void want_more() override { wake_.set(); }
  // Nodes forget what they were told within half an hour; there is no way to take it
  // back.
  task<> say_goodbye() override { co_return; }

  // How long to rest after a search that so many nodes have answered, when so many
  // searches before it found none that does.
  static duration rest_after(std::size_t answers, unsigned lonely);

private:
  task<> meet_nodes();
  task<> search();
  task<> rest();

  connections::surroundings const around_;
  add_torrent_params const& params_;
  connections& peers_;
  io::event wake_;
  time_point not_before_{}, due_{};
  unsigned lonely_ = 0; // searches in a row that no node has answered
};

} // namespace cotorra::session
