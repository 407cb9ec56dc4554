// A connection in memory: you have its near end, a peer the other.
#pragma once
#include "io/memory_pipe.hpp"
#include "support/bench.hpp"
#include <tuple>

namespace cotorra::test {

struct wire {
  bench desk;
  std::unique_ptr<io::memory_stream> near, peer;

  wire() { std::tie(near, peer) = io::memory_stream::pair(desk.executor()); }
  void peer_says(bytes b) {
    peer->say(b);
    desk.settle();
  }
  void peer_leaves() {
    peer->close();
    desk.settle();
  }
};

} // namespace cotorra::test
