// A DHT in the simulated world: real nodes on simulated hosts, in virtual time.
#pragma once
#include "09-dht/ids.hpp"
#include "dht/node_talk.hpp"
#include "io/simulation.hpp"
#include <memory>

namespace cotorra::test {

class dht_world {
public:
  struct member {
    io::host* host;
    std::unique_ptr<dht::node> node;
    std::unique_ptr<io::task_group> group; // in which it runs
    endpoint at;

    dht::family_node const& v4() const { return *node->families().front(); }
  };

  explicit dht_world(std::uint64_t seed = 1) : sim(seed) {}
  ~dht_world() {
    for (auto& m : members) leave(*m);
    sim.end();
  }

  // Public addresses, so that ids belong to some of them and not to others.
  static endpoint public_place(unsigned n) {
    return {ip_address::v4(0x14000000 + n * 0x101), 6881};
  }

  // A node that begins at the first one.
  member& add(dht::node_options o = {}) {
    auto const n = static_cast<unsigned>(members.size());
    if (n != 0 && o.bootstrap.empty()) o.bootstrap.push_back(members.front()->at);
    endpoint const at = public_place(n + 1);
    return start(host_at(at.address, {.latency = 20ms + (n % 7) * 5ms}), at,
                 std::move(o));
  }
  // The host that has the address, or a new one.
  io::host& host_at(ip_address a, io::link l = {}) {
    auto const known = hosts_.find(a);
    if (known != hosts_.end()) return *known->second;
    return *hosts_.emplace(a, &sim.add_host(a, l)).first->second;
  }
  member& start(io::host& host, endpoint at, dht::node_options o) {
    o.listen.assign(1, at);
    auto m = std::make_unique<member>();
    m->host = &host;
    m->at = at;
    m->node = std::make_unique<dht::node>(host.doors(), std::move(o));
    m->group = std::make_unique<io::task_group>(sim.executor());
    m->group->spawn(m->node->run(), "node");
    sim.spawn(joined(*m->group), "a node");
    members.push_back(std::move(m));
    return *members.back();
  }
  void add_many(unsigned n, duration apart = 1s) {
    for (unsigned i = 0; i < n; ++i) {
      add();
      sim.run_for(apart);
    }
  }
  void leave(member& m) {
    if (!m.node) return;
    m.group->cancel();
    sim.run_until([&] { return m.group->empty(); }, 1min);
    m.node.reset();
  }

  dht::search_result find_peers(member& m, info_hash hash, std::vector<endpoint>& peers,
                                std::optional<std::uint16_t> announce = {}) {
    dht::search_events events;
    events.found = [&peers](std::span<endpoint const> more) {
      peers.insert(peers.end(), more.begin(), more.end());
    };
    return sim.run(m.node->find_peers(hash, std::move(events), announce));
  }

  io::simulation sim;
  std::vector<std::unique_ptr<member>> members;

private:
  std::map<ip_address, io::host*> hosts_;

  static task<> joined(io::task_group& group) {
    try {
      co_await group.join();
    } catch (asio::system_error const& e) {
      if (e.code() != asio::error::operation_aborted) throw;
    }
  }
};

} // namespace cotorra::test
