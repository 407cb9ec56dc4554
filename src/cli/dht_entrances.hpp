// With which nodes the verb dht begins.
#pragma once
#include "dht/node_talk.hpp"
#include "io/world.hpp"
#include <string>

namespace cotorra::cli {

// No node of the public DHT is to be asked: COTORRA_LOCAL_ONLY is set, and not 0.
bool local_only();

struct dht_options {
  std::string action, target;
  std::vector<std::string> nodes; // HOST:PORT
  std::string listen, state;
  bool lab = false, json = false, only_nodes = false;
  std::optional<std::uint16_t> announce;
};

// The addresses of --node; without any, those of the public nodes that have one now, but
// none in a laboratory or where local_only().
task<std::vector<endpoint>> entrances_of(io::world, dht_options const&,
                                         std::string option = "--node");

// The places of --listen; without it, `port` of all addresses of IPv4 and, where there is
// one, of IPv6; where local_only(), of 127.0.0.1.
std::vector<endpoint> listening_of(io::world const&, dht_options const&,
                                   std::uint16_t port);

// Opens the node's sockets. Throws input_error.
std::unique_ptr<dht::node> open_node(io::world const&, dht::node_options);

} // namespace cotorra::cli
