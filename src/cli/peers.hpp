// The peers of --peer: HOST:PORT, where HOST may be a name.
#pragma once
#include "cli/arguments.hpp"
#include "io/world.hpp"

namespace cotorra::cli {

// All addresses of all these hosts. Throws input_error for a name that does not resolve;
// `option` gave it.
task<std::vector<endpoint>> resolve_peers(io::world, std::vector<host_and_port>,
                                          std::string_view option = "--peer");

} // namespace cotorra::cli
