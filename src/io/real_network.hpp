// TCP, UDP and name resolution over Asio.
#pragma once
#include "io/network.hpp"

namespace cotorra::io {

std::unique_ptr<network> make_real_network(executor);

} // namespace cotorra::io
