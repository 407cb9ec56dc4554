// Which peers a seed unchokes: all of them, in turns.
#include "choker_game.hpp"
#include <map>

using namespace cotorra;
using namespace cotorra::choke;
using namespace cotorra::test;

TEST_CASE("a seed gives every peer a turn of a minute") {
  game g;
  g.who.set_seeding(true);
  g.peers = givers(12);
  std::map<peer_key, int> rounds;
  for (int i = 0; i < 18 * 4; ++i) {
    keys const chosen = g.round();
    CHECK(chosen.size() == 4);
    for (peer_key k : chosen) ++rounds[k];
  }
  REQUIRE(rounds.size() == 12);
  for (auto const& [key, served] : rounds) CHECK(served == 6 * 4);
}

TEST_CASE("a seed with one peer too many replaces the slowest downloader") {
  game g;
  g.who.set_seeding(true);
  g.peers = givers(4);
  CHECK(g.round() == keys{1, 2, 3, 4});
  g.peers.push_back(peer(5, 0));
  g[5].connected_at = g.now;
  for (int i = 0; i < 5; ++i) CHECK(g.round() == keys{1, 2, 3, 4});
  CHECK(g.round() == keys{2, 3, 4, 5});
}

TEST_CASE("a seed's turn ends when the peer wants no more") {
  game g;
  g.who.set_seeding(true);
  g.peers = givers(5);
  keys const first = g.round();
  CHECK(first == keys{2, 3, 4, 5});
  g[5].interested = false;
  CHECK(g.round() == keys{1, 2, 3, 4});
  g[5].interested = true;
  CHECK(g.round() == keys{1, 2, 3, 4});
}

TEST_CASE("becoming a seed chokes no peer at once") {
  game g;
  g.peers = givers(10);
  keys const before = g.round();
  g.who.set_seeding(true);
  CHECK(g.round() == before);
}

TEST_CASE("a leecher's slots do not grow") {
  game g;
  g.peers = givers(20);
  for (choke_candidate& c : g.peers) c.rate = 1e9;
  CHECK(g.round().size() == choker_options::usual_slots);
  g.who.set_seeding(true);
  CHECK(g.round().size() > choker_options::usual_slots);
  g.who.set_seeding(false);
  CHECK(g.round().size() == choker_options::usual_slots);
}

TEST_CASE("a free slot of a seed goes to the peer that has waited longest") {
  game g(with_slots(2));
  g.who.set_seeding(true);
  g.peers = {peer(1, 0)};
  g.round();
  g.peers.push_back(peer(2, 9000)); // the fastest
  g.peers.push_back(peer(3, 0));
  g[2].connected_at = g.now - 1s;
  g[3].connected_at = g.now - 2s;
  CHECK(g.who.fill(g.now, g.peers) == std::vector<peer_key>{3});
}

TEST_CASE("a turn that begins between two rounds of a seed lasts a minute from then on") {
  game g(with_slots(1));
  g.who.set_seeding(true);
  g.peers = {peer(1, 0), peer(2, 0)};
  g[1].connected_at = g.now;
  g[2].interested = false; // it has been connected for longer
  REQUIRE(g.who.fill(g.now, g.peers) == std::vector<peer_key>{1});
  g[1].unchoked = g[2].interested = true;
  g.now = start + 5s;
  for (int i = 0; i < 6; ++i) CHECK(g.round() == keys{1}); // the last one after 55 s
  CHECK(g.round() == keys{2});
}

TEST_CASE("a peer that wants no more waits from then on for its next turn of a seed") {
  game g(with_slots(1));
  g.who.set_seeding(true);
  g.peers = {peer(1, 0), peer(2, 0)};
  CHECK(g.round() == keys{1});
  g[1].interested = false;
  g.now = start + 1s;
  REQUIRE(g.who.fill(g.now, g.peers) == std::vector<peer_key>{2});
  g[2].unchoked = true;
  g.now = start + 10s;
  for (int i = 0; i < 6; ++i) CHECK(g.round() == keys{2}); // the last one after 59 s
  g[1].interested = true;
  g.peers.push_back(peer(3, 0));
  g[3].connected_at = start + 5s;
  CHECK(g.round() == keys{1});
}
