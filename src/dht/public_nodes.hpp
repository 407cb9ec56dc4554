// Where a node that knows no other may begin: nodes that are run for all, by name.
// Configuration, and the only place that names them.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace cotorra::dht {

struct public_node {
  std::string_view host;
  std::uint16_t port;
};

inline constexpr std::array<public_node, 4> public_nodes{{
    {"router.bittorrent.com", 6881},
    {"dht.transmissionbt.com", 6881},
    {"dht.libtorrent.org", 25401},
    {"router.utorrent.com", 6881},
}};

} // namespace cotorra::dht
