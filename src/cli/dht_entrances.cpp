#include "cli/dht_entrances.hpp"
#include "cli/listening.hpp"
#include "cli/peers.hpp"
#include "dht/public_nodes.hpp"
#include <cstdlib>

namespace cotorra::cli {

bool local_only() {
  char const* const said = std::getenv("COTORRA_LOCAL_ONLY");
  return said && *said != '\0' && std::string_view(said) != "0";
}

namespace {

// A name that does not resolve now is passed over.
task<> add_public_node(io::world w, dht::public_node n, std::vector<endpoint>& all) {
  try {
    std::string host(n.host);
    auto const at = co_await w.network.resolve(std::move(host));
    for (ip_address const& a : at) all.push_back({a, n.port});
  } catch (std::system_error const&) {
  }
}

bool can_open(io::world const& w, endpoint const& at) {
  try {
    w.network.open_datagram_socket(at);
    return true;
  } catch (std::system_error const&) {
    return false;
  }
}

} // namespace

task<std::vector<endpoint>> entrances_of(io::world w, dht_options const& o,
                                         std::string option) {
  std::vector<host_and_port> given;
  for (std::string const& text : o.nodes) given.push_back(parse_host(text));
  auto looking = resolve_peers(w, std::move(given), std::move(option));
  std::vector<endpoint> all = co_await std::move(looking);
  if (!o.nodes.empty() || o.lab || local_only()) co_return all;
  io::task_group group(w.executor);
  for (dht::public_node const& n : dht::public_nodes)
    group.spawn(add_public_node(w, n, all), "resolve");
  co_await group.join();
  co_return all;
}

std::vector<endpoint> listening_of(io::world const& w, dht_options const& o,
                                   std::uint16_t port) {
  std::vector<endpoint> all;
  if (!o.listen.empty()) {
    all.push_back(parse_endpoint(o.listen, loopback()));
  } else if (local_only()) {
    all.push_back({loopback(), port});
  } else {
    all.push_back({ip_address::v4(0), port});
    endpoint const v6{*ip_address::parse("::"), port};
    if (can_open(w, v6)) all.push_back(v6);
  }
  return all;
}

std::unique_ptr<dht::node> open_node(io::world const& w, dht::node_options o) {
  endpoint const first = o.listen.front();
  try {
    return std::make_unique<dht::node>(w, std::move(o));
  } catch (std::system_error const& e) {
    explain_listening(first, e);
  }
}

} // namespace cotorra::cli
