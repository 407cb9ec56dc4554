// Real nodes in a simulated world: how they meet, what they find, and what they survive.
#include "09-dht/dht_world.hpp"

using namespace cotorra;
using namespace cotorra::dht;
using test::dht_world;

namespace {

info_hash hash_of(unsigned n) {
  random_source random(n + 1000);
  return info_hash::from(random_id(random).view());
}

contact self(dht_world::member const& m) { return {m.v4().table().own(), m.at}; }

} // namespace

TEST_CASE("two nodes meet: one asks, the other answers and asks back") {
  dht_world world;
  auto& first = world.add();
  auto& second = world.add();
  world.sim.run_for(3s);
  CHECK(first.node->good_nodes() == 1);
  CHECK(second.node->good_nodes() == 1);
  CHECK(first.v4().table().knows(self(second)));
  CHECK(second.v4().count().silences == 0);
}

TEST_CASE("a node without any other finds nothing, at once, and waits for one") {
  dht_world world;
  auto& alone = world.add();
  world.sim.run_for(1min);
  std::vector<endpoint> peers;
  time_point const asked = world.sim.now();
  auto const found = world.find_peers(alone, hash_of(1), peers);
  CHECK(found.asked == 0);
  CHECK(found.answers == 0);
  CHECK(world.sim.now() - asked < 1s);
  auto& later = world.add();
  world.sim.run_for(3s);
  CHECK(alone.node->good_nodes() == 1);
  CHECK(later.node->good_nodes() == 1);
}

TEST_CASE("in a DHT of 100 nodes a lookup finds the true nearest, in few hops") {
  dht_world world;
  world.add_many(100, 200ms);
  world.sim.run_for(30s);
  node_id const target = id_of(hash_of(1));
  std::vector<contact> truth;
  for (auto const& m : world.members) truth.push_back(self(*m));
  std::erase(truth, contact(truth[50])); // it does not ask itself
  std::ranges::sort(truth, [&](contact const& a, contact const& b) {
    return closer(a.id, b.id, target);
  });
  auto const found =
      world.sim.run(world.members[50]->node->find_node(target, search_events{}));
  REQUIRE(found.nearest.size() >= lookup::k);
  for (std::size_t i = 0; i < 4; ++i) CHECK(found.nearest[i] == truth[i]);
  CHECK(found.hops <= 5);
  CHECK(found.asked <= 40);
}

TEST_CASE("a peer that is announced is found from everywhere, for half an hour") {
  dht_world world;
  world.add_many(100, 200ms);
  world.sim.run_for(10s);
  auto& sharer = *world.members[20];
  std::vector<endpoint> none, peers;
  CHECK(world.find_peers(sharer, hash_of(1), none, 51413).announced == lookup::k);
  CHECK(none.empty());
  for (std::size_t i = 0; i < 100; i += 9) {
    peers.clear();
    auto const found = world.find_peers(*world.members[i], hash_of(1), peers);
    REQUIRE(found.peers == 1);
    CHECK(peers.front() == endpoint{sharer.at.address, 51413});
  }
  world.sim.run_for(31min);
  peers.clear();
  world.find_peers(*world.members[5], hash_of(1), peers);
  CHECK(peers.empty());
}

TEST_CASE("port 0 announces the port from which the node's queries come") {
  dht_world world;
  world.add_many(10, 200ms);
  world.sim.run_for(10s);
  std::vector<endpoint> none, peers;
  world.find_peers(*world.members[3], hash_of(1), none, std::uint16_t{0});
  world.find_peers(*world.members[7], hash_of(1), peers);
  REQUIRE_FALSE(peers.empty());
  CHECK(peers.front() == world.members[3]->at);
}

TEST_CASE("each step of a lookup is told, with its hop") {
  dht_world world;
  world.add_many(60, 200ms);
  world.sim.run_for(10s);
  world.members[7]->host->set_up(false);
  std::vector<lookup_step> steps;
  search_events events;
  events.step = [&](lookup_step const& s) { steps.push_back(s); };
  auto const target = self(*world.members[7]).id;
  auto const found =
      world.sim.run(world.members[2]->node->find_node(target, std::move(events)));
  std::size_t answers = 0, silent = 0;
  for (lookup_step const& s : steps) {
    CHECK(s.hop >= 1);
    answers += s.what == lookup_step::kind::answered;
    silent += s.what == lookup_step::kind::silent;
    if (s.what == lookup_step::kind::answered) CHECK(s.took < 200ms);
  }
  CHECK(answers == found.answers);
  CHECK(found.answers >= lookup::k);
  CHECK(silent <= 1); // the lookup does not wait for the one that is gone
}

TEST_CASE("nodes that leave are replaced, and peers are still found") {
  dht_world world;
  world.add_many(60, 200ms);
  world.sim.run_for(10s);
  std::vector<endpoint> none, peers;
  world.find_peers(*world.members[59], hash_of(1), none, 51413);
  for (std::size_t i = 1; i <= 25; ++i) world.leave(*world.members[i]);
  world.add_many(25, 1s);
  world.sim.run_for(20min);
  world.find_peers(*world.members[80], hash_of(1), peers);
  CHECK_FALSE(peers.empty());
  auto const& table = world.members[58]->v4().table();
  CHECK(table.good(world.sim.now()) >= 20);
  std::size_t dead = 0;
  for (contact const& c : table.closest(id_of(hash_of(2)), 1000,
                                        routing_table::quality::good, world.sim.now()))
    for (std::size_t i = 1; i <= 25; ++i) dead += world.members[i]->at == c.at;
  CHECK(dead == 0);
}

TEST_CASE("a node that starts again has its id, and needs no entrance") {
  dht_world world;
  world.add_many(30, 200ms);
  world.sim.run_for(10s);
  auto& before = *world.members[12];
  contact const was = self(before);
  buffer const file = before.node->save();
  world.leave(before);
  world.leave(*world.members[0]); // the entrance is gone
  world.sim.run_for(2min);
  node_options o;
  o.state = decode_state(file).value();
  o.bootstrap.clear();
  auto& again = world.start(*before.host, before.at, std::move(o));
  world.sim.run_for(10s);
  CHECK(self(again) == was);
  CHECK(again.node->good_nodes() >= routing_table::k);
}

TEST_CASE("what could not be reached is remembered all the same") {
  dht_world world;
  world.add_many(5, 200ms);
  world.sim.run_for(10s);
  buffer const file = world.members[3]->node->save();
  world.leave(*world.members[3]);
  world.members[3]->host->set_up(false);
  node_options o;
  o.state = decode_state(file).value();
  auto& offline = world.start(*world.members[3]->host, world.members[3]->at, o);
  world.sim.run_for(2min);
  CHECK(offline.node->good_nodes() == 0);
  CHECK(decode_state(offline.node->save())->v4.nodes.size() == 4);
}

TEST_CASE("a read-only node asks, answers nothing, and is in no table") {
  dht_world world;
  world.add_many(20, 200ms);
  node_options o;
  o.read_only = true;
  auto& reader = world.add(std::move(o));
  world.sim.run_for(1min);
  CHECK(reader.node->good_nodes() >= 10);
  std::vector<endpoint> none, peers;
  world.find_peers(*world.members[3], hash_of(1), none, 51413);
  world.find_peers(reader, hash_of(1), peers);
  CHECK_FALSE(peers.empty());
  CHECK(reader.v4().count().answered == 0);
  for (auto const& m : world.members)
    if (m.get() != &reader) CHECK_FALSE(m->v4().table().knows(self(reader)));
}

TEST_CASE(
    "a node learns its address from the others, and takes an id that belongs to it") {
  dht_world world;
  world.add_many(20, 500ms);
  world.sim.run_for(1min);
  for (auto const& m : world.members) {
    CHECK(m->v4().outside_address() == m->at.address);
    CHECK(belongs_to(self(*m).id, m->at.address));
  }
  std::vector<endpoint> none, peers; // under their new ids they are found
  world.find_peers(*world.members[3], hash_of(1), none, 51413);
  world.find_peers(*world.members[15], hash_of(1), peers);
  CHECK_FALSE(peers.empty());
}

TEST_CASE("after an hour without a network, a node finds back") {
  dht_world world;
  world.add_many(20, 200ms);
  world.sim.run_for(10s);
  auto& m = *world.members[9];
  m.host->set_up(false);
  world.sim.run_for(1h);
  CHECK(m.node->good_nodes() == 0);
  m.host->set_up(true);
  world.sim.run_for(6min);
  CHECK(m.node->good_nodes() >= routing_table::k);
}

TEST_CASE("a node that a peer has told of opens the way when no entrance answers") {
  dht_world world;
  world.add_many(10, 200ms);
  node_options o;
  o.bootstrap.push_back({ip_address::v4(0x14ffffff), 6881}); // nothing is there
  auto& lost = world.add(std::move(o));
  world.sim.run_for(30s);
  CHECK(lost.node->good_nodes() == 0);
  lost.node->add_node(world.members[4]->at);
  world.sim.run_for(10s);
  CHECK(lost.node->good_nodes() >= 5);
}

TEST_CASE("IPv4 and IPv6 are two DHTs with one store") {
  io::simulation sim(1);
  std::vector<std::unique_ptr<node>> nodes;
  io::task_group group(sim.executor());
  std::vector<io::host*> hosts;
  auto const v6_of = [](unsigned n) {
    return ip_address::parse("2a00:1:" + std::to_string(n) + "::1").value();
  };
  for (unsigned n = 1; n <= 12; ++n) {
    endpoint const v4 = dht_world::public_place(n), v6{v6_of(n), 6881};
    hosts.push_back(&sim.add_host(v4.address));
    hosts.back()->add_address(v6.address);
    node_options o;
    o.listen = {v4, v6};
    if (n > 1) o.bootstrap = {dht_world::public_place(1), {v6_of(1), 6881}};
    nodes.push_back(std::make_unique<node>(hosts.back()->doors(), std::move(o)));
    group.spawn(nodes.back()->run(), "node");
  }
  sim.spawn(group.join(), "all");
  sim.run_for(1min);
  REQUIRE(nodes[3]->families().size() == 2);
  for (auto const& f : nodes[3]->families()) {
    CHECK(f->table().good(sim.now()) >= 8);
    for (contact const& c : f->table().all()) CHECK(c.at.address.is_v6 == f->is_v6());
  }
  std::vector<endpoint> peers;
  search_events events;
  events.found = [&](std::span<endpoint const> more) {
    peers.insert(peers.end(), more.begin(), more.end());
  };
  sim.run(nodes[3]->find_peers(hash_of(1), search_events{}, 51413));
  sim.run(nodes[8]->find_peers(hash_of(1), std::move(events), std::nullopt));
  CHECK(std::ranges::count(peers, endpoint{v6_of(4), 51413}) == 1);
  CHECK(std::ranges::count(peers, endpoint{dht_world::public_place(4).address, 51413}) ==
        1);
  sim.end();
}

TEST_CASE("a node leaves in the middle of a lookup without a trace") {
  dht_world world;
  world.add_many(20, 200ms);
  auto& m = *world.members[9];
  bool begun = false, found = false;
  auto const look = [](node& n, bool& in, bool& out) -> task<> {
    in = true;
    search_events none;
    auto const result = co_await n.find_node(id_of(hash_of(1)), std::move(none));
    out = result.answers >= lookup::k;
  };
  m.group->spawn(look(*m.node, begun, found), "lookup");
  world.sim.run_for(10ms);
  world.leave(m);
  CHECK(begun);
  CHECK_FALSE(found);
}

TEST_CASE("the same seed gives the same world") {
  auto const play = [] {
    dht_world world(7);
    world.add_many(30, 200ms);
    std::vector<endpoint> none;
    world.find_peers(*world.members[3], hash_of(1), none, 51413);
    world.sim.run_for(20min);
    return world.sim.trace();
  };
  CHECK(play() == play());
}
