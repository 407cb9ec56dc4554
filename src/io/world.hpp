// The doors together: all that a session knows of the world. The real one is real_world;
// a simulated one hands out a world for each of its hosts.
#pragma once
#include "base/random.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/observer.hpp"
#include "io/workers.hpp"

namespace cotorra::io {

struct world {
  io::executor executor; // the one thread of sockets, torrents and peers
  io::network& network;
  io::clock& clock;
  io::workers& workers;
  random_source& random;
  io::observer* observer = nullptr;
};

} // namespace cotorra::io
