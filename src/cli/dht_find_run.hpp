// One lookup in the DHT, shown hop by hop: cotorra dht find.
#pragma once
#include "cli/dht_entrances.hpp"

namespace cotorra::cli {

class dht_find_run {
public:
  // Throws usage_error when the target is none.
  dht_find_run(io::world, dht_options const&);

  // Prints what each node says, the peers and the nearest nodes, and returns the exit
  // status. Throws input_error when no node answers.
  task<int> run();

private:
  task<> look_up();
  void tell_begin(std::vector<endpoint> const&) const;
  void tell_step(dht::lookup_step const&) const;
  void tell_end() const;
  [[noreturn]] void explain_silence(std::size_t entrances) const;

  io::world world_;
  dht_options const& options_;
  dht::node_id target_;
  io::task_group group_;
  std::unique_ptr<dht::node> node_;
  std::vector<endpoint> peers_;
  dht::search_result result_;
  duration took_{};
};

} // namespace cotorra::cli
