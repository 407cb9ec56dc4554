// What a run brings to the DHT and keeps of it: nodes to begin with, and where the last
// run ended.
#pragma once
#include "cli/arguments.hpp"
#include "cli/command_line.hpp"
#include "io/world.hpp"
#include "session/session.hpp"

namespace cotorra::cli {

struct dht_wishes {
  bool no_dht = false;
  std::vector<std::string> dht_nodes; // HOST:PORT
};
void add_dht_options(verb&, dht_wishes&);
// Not in a run that stays on this machine, unless it names a node.
bool uses_dht(dht_wishes const&);

class dht_home {
public:
  dht_home(io::world, dht_wishes const&); // throws usage_error
  ~dht_home();

  // Before the session begins: reads what the last run has kept.
  void prepare(session::settings&) const;
  // While it runs: looks names up, which may take long, and tells it of the nodes.
  task<> introduce(session::session&) const;
  // At its end. A file that cannot be written costs the next run some seconds only.
  void keep(session::session const&) const;

private:
  io::world const world_;
  bool const on_;
  std::vector<std::string> const nodes_;
  std::filesystem::path const state_; // empty: none is kept
};

} // namespace cotorra::cli
