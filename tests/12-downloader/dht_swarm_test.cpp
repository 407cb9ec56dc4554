// Torrents that find their peers through the DHT (BEP 5): real sessions, each with a node
// of its own, in the simulated world.
#include "session/dht_finder.hpp"
#include "session/magnet_uri.hpp"
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

// No tracker; one node of the DHT that everyone knows, on a host of its own.
struct dht_swarm : swarm {
  io::host& router_host;
  dht::node router;

  dht_swarm(metainfo::metainfo info, std::vector<file_content> files)
      : swarm(1, std::move(info), std::move(files)),
        router_host(sim.add_host(*ip_address::parse("10.9.0.1"))),
        router(router_host.doors(), {.listen = {{router_host.address(), 6881}}}) {
    sim.spawn(router.run(), "router");
  }
  ~dht_swarm() { sim.end(); }

  node& join(session::add_torrent_params params, bool knows_router = true,
             bool with_files = false) {
    node& n = add_host({});
    if (with_files) put_files(n);
    session::settings s;
    s.dht.on = true;
    if (knows_router) s.dht.entrances = {{router_host.address(), 6881}};
    return start(n, std::move(params), s);
  }
  session::add_torrent_params link() const {
    return session::parse_magnet_uri("magnet:?xt=urn:btih:" + info().hash.hex());
  }
};

dht_swarm make_swarm(bool is_private = false) {
  std::vector<file_content> files{{"", random_bytes(1, 300'000)}};
  metainfo::metainfo info = make_metainfo("payload.bin", files, 32 * 1024);
  info.is_private = is_private;
  return dht_swarm(std::move(info), std::move(files));
}

} // namespace

TEST_CASE("a magnet link with neither tracker nor peer is downloaded through the DHT") {
  dht_swarm s = make_swarm();
  s.join({}, true, true);
  s.sim.run_for(10s); // the seeder has told the DHT of itself
  CHECK(s.router.answers().store().peers() == 1);
  auto& n = s.join(s.link());
  REQUIRE(s.sim.run_until([&] { return s.complete(n); }, 1min));
  CHECK(s.has_right_bytes(n));
  CHECK(n.torrent.status().dht_nodes.value() > 0);
}

TEST_CASE("a peer that comes before the seeder finds it within minutes") {
  dht_swarm s = make_swarm();
  auto& n = s.join(s.link());
  s.sim.run_for(30s);
  s.join({}, true, true);
  CHECK(s.sim.run_until([&] { return s.complete(n); }, 3min));
}

TEST_CASE("peers tell each other where their nodes are") {
  dht_swarm s = make_swarm();
  auto& seeder = s.join({}, true, true);
  session::add_torrent_params params;
  params.peers = {s.at(seeder)};
  auto& n = s.join(params, false); // it knows a peer, and no node
  REQUIRE(s.sim.run_until([&] { return s.complete(n); }, 1min));
  CHECK(s.sim.run_until([&] { return n.torrent.status().dht_nodes.value() > 0; }, 1min));
}

TEST_CASE("the DHT never hears of a private torrent") {
  dht_swarm s = make_swarm(true);
  auto& seeder = s.join({}, true, true);
  session::add_torrent_params params;
  params.peers = {s.at(seeder)};
  auto& n = s.join(params);
  REQUIRE(s.sim.run_until([&] { return s.complete(n); }, 1min));
  s.sim.run_for(20min);
  CHECK(s.router.answers().store().torrents() == 0);
  CHECK_FALSE(n.torrent.status().dht_nodes.has_value());
}

TEST_CASE("a session remembers the nodes that it knew") {
  dht_swarm s = make_swarm();
  auto& first = s.join({}, true, true);
  s.sim.run_for(30s);
  buffer const state = first.session->dht_state();
  auto const saved = dht::decode_state(state).value();
  REQUIRE(saved.v4.nodes.size() == 1);
  CHECK(saved.v4.nodes[0].at.address == s.router_host.address());
  swarm::node& later = s.add_host({});
  session::settings settings;
  settings.dht.on = true;
  settings.dht.state = saved; // and no entrance
  s.start(later, s.link(), settings);
  CHECK(s.sim.run_until([&] { return s.complete(later); }, 2min));
}

TEST_CASE("without the DHT a session opens no socket for it") {
  dht_swarm s = make_swarm();
  auto& n = s.add_leecher({}, s.link());
  s.sim.run_for(10s);
  CHECK(n.session->dht_state().empty());
  CHECK_FALSE(n.torrent.status().dht_nodes.has_value());
}

TEST_CASE("a search that no node answers is repeated soon, then ever later") {
  using finder = session::dht_finder;
  CHECK(finder::rest_after(0, 0) == 5s);
  CHECK(finder::rest_after(0, 1) == 10s);
  CHECK(finder::rest_after(0, 5) == 160s);
  CHECK(finder::rest_after(0, 6) == 5min);
  CHECK(finder::rest_after(0, 1000) == 5min);
  CHECK(finder::rest_after(1, 1000) == 15min);
}
