// A node of the DHT that runs until Ctrl-C, and shows its table: cotorra dht node.
#pragma once
#include "cli/dht_entrances.hpp"
#include "cli/output.hpp"

namespace cotorra::cli {

class dht_node_run {
public:
  // Reads the state and opens the sockets. Throws input_error.
  dht_node_run(io::world, dht_options const&);

  std::string first_line() const;
  task<> run(); // until it is cancelled
  void tell_end();

private:
  task<> enter();
  task<> show_now_and_then();
  task<> save_now_and_then();
  void show() const;
  void show(dht::family_node const&) const;
  json facts_of(dht::family_node const&) const;
  void save() const;
  json facts() const;

  io::world world_;
  dht_options const& options_;
  std::unique_ptr<dht::node> node_;
};

} // namespace cotorra::cli
