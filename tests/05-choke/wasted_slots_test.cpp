// Peers that waste their slots, and what the choker does about them.
#include "choker_game.hpp"

using namespace cotorra;
using namespace cotorra::choke;
using namespace cotorra::test;

namespace {

// Fills free slots, as between two rounds; the chosen peers are unchoked.
keys fill(game& g) {
  auto const chosen = g.who.fill(g.now, g.peers);
  for (peer_key const k : chosen) g[k].unchoked = true;
  return {chosen.begin(), chosen.end()};
}

void all_served_waste(game& g) {
  for (choke_candidate& c : g.peers) c.wastes = c.wastes || c.unchoked;
}

// Peers 1..n, of which none gives anything.
std::vector<choke_candidate> takers(peer_key n) {
  auto all = givers(n);
  for (choke_candidate& c : all) c.rate = 0;
  return all;
}

} // namespace

TEST_CASE("for each slot that is wasted two peers are tried") {
  for (bool const seeding : {true, false}) {
    game g;
    g.who.set_seeding(seeding);
    g.peers = takers(40);
    CHECK(g.round().size() == 4);
    CHECK(fill(g).empty()); // they may still ask
    all_served_waste(g);
    CHECK(fill(g).size() == 8);
    CHECK(fill(g).empty());
    all_served_waste(g);
    CHECK(fill(g).size() == 16);
  }
}

TEST_CASE("a round takes the wasted slots away and goes on with the search") {
  for (bool const seeding : {true, false}) {
    game g;
    g.who.set_seeding(seeding);
    g.peers = takers(40);
    keys const first = g.round();
    all_served_waste(g);
    keys const second = g.round();
    CHECK(second.size() == 8);
    for (peer_key const k : first) CHECK(second.count(k) == 0);
    CHECK(g.round().size() == 4); // these use theirs
  }
}

TEST_CASE("a waster keeps its slot while no other peer wants it") {
  for (bool const seeding : {true, false}) {
    game g;
    g.who.set_seeding(seeding);
    g.peers = takers(3);
    keys const all = g.round();
    CHECK(all.size() == 3);
    all_served_waste(g);
    CHECK(g.round() == all);
    g.peers.push_back(peer(4, 0));
    g.peers.push_back(peer(5, 0));
    CHECK(fill(g) == keys{4, 5});
    CHECK(holds(g.round(), {4, 5})); // and the others have what is left
    CHECK(g.round().size() == 4);
  }
}

TEST_CASE("a peer that wasted its last slot waits until no other peer does") {
  for (bool const seeding : {true, false}) {
    game g(with_slots(2));
    g.who.set_seeding(seeding);
    g.peers = takers(3);
    g[1].wastes = true;
    CHECK(g.round() == keys{2, 3});
    g.peers.erase(g.peers.begin() + 1);
    CHECK(fill(g) == keys{1});
  }
}

TEST_CASE("when slots are given back the fastest peers of a seed keep theirs") {
  game g;
  g.who.set_seeding(true);
  g.peers = takers(8);
  for (peer_key const k : {1, 2, 3, 4}) g[k].wastes = g[k].unchoked = true;
  for (peer_key const k : {5, 6, 7, 8}) g[k].rate = 1000.0 * double(k);
  CHECK(g.round() == keys{5, 6, 7, 8});
  g.peers.push_back(peer(9, 0));
  CHECK(g.round() == keys{5, 6, 7, 8}); // no slot is wasted any more
}

TEST_CASE("with a slot for every peer none is wasted at a cost") {
  game g(with_slots(choker_options::unlimited));
  g.peers = takers(20);
  for (choke_candidate& c : g.peers) c.wastes = c.key % 2 == 0;
  CHECK(g.round().size() == 20);
  CHECK(g.round().size() == 20);
}

TEST_CASE("with a full uplink one peer is tried for each slot that is wasted") {
  for (bool const seeding : {true, false}) {
    game g;
    g.who.set_seeding(seeding);
    g.who.set_uplink_full(true);
    g.peers = takers(40);
    CHECK(g.round().size() == 4);
    all_served_waste(g);
    CHECK(fill(g).size() == 4);
    all_served_waste(g);
    CHECK(g.round().size() == 4);
  }
}

TEST_CASE("of the wasters those that have a slot come first") {
  game g(with_slots(1));
  g.peers = takers(2);
  g[1].wastes = g[2].wastes = true;
  g[2].unchoked = true;
  CHECK(g.round() == keys{2});
}

TEST_CASE("a waster that begins to ask keeps its slot until the next draw") {
  game g(with_slots(1));
  g.peers = takers(1);
  g[1].wastes = true;
  CHECK(g.round() == keys{1});
  g.peers = takers(20);
  g[1].unchoked = true;
  CHECK(g.round() == keys{1});
  CHECK(g.round() == keys{1});
  CHECK(g.round() != keys{1}); // thirty seconds after the first round
}

TEST_CASE("wasters that wait get no slot while other wasters hold them all") {
  for (bool const seeding : {true, false}) {
    game g;
    g.who.set_seeding(seeding);
    g.peers = takers(8);
    CHECK(g.round().size() == 4);
    for (choke_candidate& c : g.peers) c.wastes = true;
    CHECK(fill(g).empty());
  }
}
