// The real world, over Asio: one thread for the network, a pool for disk and hashing.
#pragma once
#include "io/world.hpp"
#include <asio/io_context.hpp>
#include <memory>

namespace cotorra::io {

class real_world {
public:
  // threads: how many workers; 0 chooses from the machine's cores.
  explicit real_world(unsigned threads = 0);
  ~real_world();

  asio::io_context& context() { return context_; }
  io::world doors();

private:
  asio::io_context context_{1};
  random_source random_;
  std::unique_ptr<clock> clock_;
  std::unique_ptr<network> network_;
  std::unique_ptr<workers> workers_; // destroyed first: its jobs refer to all the rest
};

} // namespace cotorra::io
