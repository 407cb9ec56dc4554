// The session's node of the DHT (BEP 5), on the same port as its peers' connections.
#pragma once
#include "dht/node_talk.hpp"
#include "session/settings.hpp"
#include <memory>

namespace cotorra::session {

class dht_service {
public:
  dht_service(io::world const&, settings const&);

  // Opens the node's sockets where we listen for peers; on any port when another program
  // has that one. Where none can be had, there is no DHT.
  void open(std::vector<std::unique_ptr<io::listener>> const&);
  task<> run(); // until it is cancelled

  dht::node* node() { return node_.get(); }    // null: there is no DHT
  std::uint16_t port() const { return port_; } // 0: there is no DHT
  void add_node(endpoint const&);              // a stranger named it
  void add_entrance(endpoint const&);          // the user did, or our own configuration
  buffer save() const;                         // empty: there is no DHT

private:
  bool open_at(std::vector<endpoint>);

  io::world const& world_;
  settings const& settings_;
  std::unique_ptr<dht::node> node_;
  std::uint16_t port_ = 0;
};

} // namespace cotorra::session
