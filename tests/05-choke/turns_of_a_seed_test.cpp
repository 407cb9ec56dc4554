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
