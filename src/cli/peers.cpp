#include "cli/peers.hpp"
#include "cli/text.hpp"
#include <fmt/format.h>
#include <system_error>

namespace cotorra::cli {

task<std::vector<endpoint>> resolve_peers(io::world w, std::vector<host_and_port> given,
                                          std::string_view option) {
  std::vector<endpoint> all;
  for (host_and_port const& peer : given) {
    bool found = true;
    try {
      std::vector<ip_address> const at = co_await w.network.resolve(peer.host);
      for (ip_address const& a : at) all.push_back({a, peer.port});
    } catch (std::system_error const&) {
      found = false;
    }
    if (!found)
      throw input_error(fmt::format(
          "{} {}: there is no host of that name: check it, or write its address", option,
          sanitise(peer.host)));
  }
  co_return all;
}

} // namespace cotorra::cli
