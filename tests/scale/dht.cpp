// A DHT of thousands of nodes in the simulated world, whose nodes come and go.
//   scale_dht NODES [SEED]
// Prints what it measured, and fails when a bound is broken: a lookup finds a stored peer
// in 99 of 100 tries, in a number of hops that grows with log2(n); 10,000 nodes take 32
// KiB each, the simulated world around them included, and five minutes.
#include "dht/node_talk.hpp"
#include "io/simulation.hpp"
#include <algorithm>
#include <asio/system_error.hpp>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fmt/format.h>
#include <fstream>
#include <malloc.h>
#include <unistd.h>

using namespace cotorra;

namespace {

constexpr duration ramp = 10min, churn = 60min;
constexpr double leaving = 0.2; // of all nodes, in an hour
constexpr unsigned torrents = 100;
constexpr unsigned entrances = 8;

// In use, not what the allocator keeps for later.
std::size_t resident() {
  ::malloc_trim(0);
  std::size_t all = 0, pages = 0;
  std::ifstream("/proc/self/statm") >> all >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

task<> joined(io::task_group& group) {
  try {
    co_await group.join();
  } catch (asio::system_error const& e) {
    if (e.code() != asio::error::operation_aborted) throw;
  }
}

struct member {
  member(io::simulation& sim, io::host& h, dht::node_options o)
      : host(h), group(sim.executor()), node(h.doors(), std::move(o)) {
    node.run_in(group);
    sim.spawn(joined(group), "a node");
  }
  io::host& host;
  io::task_group group;
  dht::node node;
};

class world {
public:
  world(unsigned nodes, std::uint64_t seed) : nodes_(nodes), random_(seed), sim_(seed) {}
  ~world() {
    for (auto& m : members_) m->group.cancel();
    sim_.end();
  }

  void grow() {
    duration const apart = ramp / nodes_;
    for (unsigned i = 0; i < nodes_; ++i) {
      add();
      sim_.run_for(apart);
    }
  }
  // One leaves without a word, and another comes.
  void change() {
    std::size_t const i = entrances + random_.below(members_.size() - entrances);
    members_[i]->group.cancel();
    leaving_.push_back(std::move(members_[i]));
    members_[i] = std::move(members_.back());
    members_.pop_back();
    add();
    std::erase_if(leaving_, [this](auto const& m) {
      if (!m->group.empty()) return false;
      free_.push_back(&m->host);
      return true;
    });
  }
  void live(duration how_long) {
    time_point const end = sim_.now() + how_long;
    auto const apart = std::chrono::duration_cast<duration>(
        std::chrono::duration<double>(3600 / (leaving * nodes_)));
    while (sim_.now() < end) {
      sim_.run_for(apart);
      change();
    }
  }
  member& any() { return *members_[random_.below(members_.size())]; }
  dht::search_result find(info_hash hash, std::vector<endpoint>& peers,
                          std::optional<std::uint16_t> port) {
    dht::search_events events;
    events.found = [&peers](std::span<endpoint const> more) {
      peers.insert(peers.end(), more.begin(), more.end());
    };
    return sim_.run(any().node.find_peers(hash, std::move(events), port));
  }
  dht::traffic total() const {
    dht::traffic t;
    for (auto const& m : members_) {
      auto const& c = m->node.families().front()->count();
      t.asked += c.asked;
      t.silences += c.silences;
    }
    return t;
  }
  double table_size() const {
    double n = 0;
    for (auto const& m : members_)
      n += static_cast<double>(m->node.families().front()->table().size());
    return n / static_cast<double>(members_.size());
  }
  random_source& random() { return random_; }
  time_point now() const { return sim_.now(); }

private:
  void add() {
    unsigned const n = ++added_;
    endpoint const at{ip_address::v4(0x14000000 + n * 0x101), 6881};
    dht::node_options o;
    o.listen.push_back(at);
    for (unsigned i = 0; i < entrances && i + 1 < n; ++i)
      o.bootstrap.push_back({ip_address::v4(0x14000000 + (i + 1) * 0x101), 6881});
    members_.push_back(std::make_unique<member>(sim_, host_at(at.address), std::move(o)));
  }
  // One that a node has left gets a new address.
  io::host& host_at(ip_address a) {
    if (free_.empty())
      return sim_.add_host(a, {.latency = 10ms + random_.below(60) * 1ms});
    io::host& host = *free_.back();
    free_.pop_back();
    host.add_address(a);
    return host;
  }

  unsigned const nodes_;
  random_source random_;
  unsigned added_ = 0;
  io::simulation sim_;
  std::vector<std::unique_ptr<member>> members_, leaving_;
  std::vector<io::host*> free_;
};

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::vector<info_hash> announce_torrents(world& w) {
  std::vector<info_hash> all;
  std::size_t announced = 0;
  for (unsigned i = 0; i < torrents; ++i) {
    all.push_back(info_hash::from(dht::random_id(w.random()).view()));
    std::vector<endpoint> peers;
    announced += w.find(all.back(), peers, 6881).announced;
  }
  fmt::print("  announced at {:.1f} nodes each\n",
             static_cast<double>(announced) / torrents);
  return all;
}

struct outcome {
  unsigned found = 0;
  double hops = 0, asked = 0, took = 0; // of a lookup, on average
};

outcome look_up(world& w, std::vector<info_hash> const& all) {
  outcome o;
  for (info_hash const& hash : all) {
    std::vector<endpoint> peers;
    time_point const begun = w.now();
    auto const r = w.find(hash, peers, std::nullopt);
    o.found += !peers.empty();
    o.hops += r.hops;
    o.asked += static_cast<double>(r.asked);
    o.took += seconds(w.now() - begun);
  }
  for (double* const sum : {&o.hops, &o.asked, &o.took}) *sum /= torrents;
  return o;
}

bool check(bool kept, std::string const& bound) {
  if (!kept) fmt::print("BROKEN: {}\n", bound);
  return kept;
}

// Prints what was measured; true when each bound is kept.
bool run(unsigned nodes, std::uint64_t seed) {
  std::size_t const before = resident();
  world w(nodes, seed);
  w.grow();
  fmt::print("{} nodes: {:.1f} nodes in a table, {:.0f} s of CPU so far\n", nodes,
             w.table_size(), cpu_seconds());
  w.live(churn * 2 / 3);
  auto const all = announce_torrents(w);
  w.live(churn / 3);
  outcome const o = look_up(w, all);
  std::size_t const memory = (resident() - before) / nodes;
  double const log = std::log2(nodes), cpu = cpu_seconds();
  auto const t = w.total();
  fmt::print(
      "  found {} of {}: {:.2f} hops (log2(n) is {:.1f}), {:.1f} asked, {:.2f} s\n",
      o.found, torrents, o.hops, log, o.asked, o.took);
  fmt::print("  {} queries sent, {:.1f} % not answered; {:.1f} nodes in a table\n",
             t.asked,
             100 * static_cast<double>(t.silences) / static_cast<double>(t.asked),
             w.table_size());
  fmt::print("  {} bytes a node, {:.0f} s of CPU\n", memory, cpu);
  bool const all_kept[] = {
      check(o.found * 100 >= torrents * 99, "99 of 100 lookups find the peer"),
      check(o.hops <= log, "hops grow with log2(n)"),
      check(nodes < 10'000 || memory <= 32 * 1024, "32 KiB a node"),
      check(nodes > 10'000 || cpu < 300, "five minutes")};
  return std::ranges::all_of(all_kept, [](bool kept) { return kept; });
}

} // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  unsigned const nodes = argc > 1 ? static_cast<unsigned>(std::stoul(argv[1])) : 1000;
  return run(nodes, argc > 2 ? std::stoull(argv[2]) : 1) ? 0 : 1;
}
