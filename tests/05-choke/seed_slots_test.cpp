// How many slots a seed has: as many as its upload rate is worth.
#include "choke/seed_slots.hpp"
#include "choker_game.hpp"

using namespace cotorra;
using namespace cotorra::choke;
using namespace cotorra::test;

namespace {

constexpr double block = 16 * 1024;

// The slots after a round at each of these rates, in blocks per second.
std::vector<std::size_t> slots_at(std::vector<double> const& rates) {
  seed_slots s(4);
  std::vector<std::size_t> out;
  for (double r : rates) {
    s.look(r * block);
    out.push_back(s.slots());
  }
  return out;
}

using counts = std::vector<std::size_t>;

// A seed whose upload rate the unchoked peers share evenly.
struct seed_game : game {
  explicit seed_game(choker_options options = {}) : game(options) {
    who.set_seeding(true);
    peers = givers(40);
  }
  std::size_t round_at(double rate) {
    auto const served = std::ranges::count(peers, true, &choke_candidate::unchoked);
    for (choke_candidate& c : peers)
      c.rate = c.unchoked ? rate / static_cast<double>(served) : 0;
    return round().size();
  }
};

} // namespace

TEST_CASE("a seed that uploads slowly has the usual number of slots") {
  CHECK(seed_slots(4).slots() == 4);
  CHECK(slots_at({0, 1, 16, 24.9}) == counts{4, 4, 4, 4});
}

TEST_CASE("a seed's slots are the square root of its blocks per second") {
  CHECK(slots_at({24, 25, 36, 64, 640, 6400}) == counts{4, 5, 6, 8, 25, 80});
  CHECK(slots_at({6400}) == counts{80}); // about 100 MiB/s: at once
}

TEST_CASE("a seed's rate on the border keeps its slots as they are") {
  CHECK(slots_at({36, 35, 36, 25, 36}) == counts{6, 6, 6, 6, 6});
  CHECK(slots_at({36, 24.9}) == counts{6, 5});
}

TEST_CASE("a seed's slots shrink with its rate and never below the usual number") {
  CHECK(slots_at({100, 49, 4, 0}) == counts{10, 8, 4, 4});
}

TEST_CASE("a seed that may serve every peer serves every peer") {
  seed_slots s(choker_options::unlimited);
  for (double rate : {0.0, 1e9}) {
    s.look(rate);
    CHECK(s.slots() == choker_options::unlimited);
  }
}

TEST_CASE("a round of a seed counts what its peers take") {
  seed_game g;
  CHECK(g.round_at(0) == 4);
  CHECK(g.round_at(100 * block) == 10);
  CHECK(g.round_at(100 * block) == 10);
  CHECK(g.round_at(0) == 4);
}

TEST_CASE("half a byte a second less than a slot is worth is no slot") {
  seed_game g;
  CHECK(g.round_at(0) == 4);
  CHECK(g.round_at(25 * block - 0.5) == 4);
  CHECK(g.round_at(25 * block) == 5);
}

TEST_CASE("between rounds a seed fills the slots that its rate is worth") {
  seed_game g;
  g.peers.resize(9);
  g.round_at(0);
  CHECK(g.round_at(100 * block) == 9); // there are no more yet
  g.peers.push_back(peer(10, 0));
  g.peers.push_back(peer(11, 0));
  CHECK(g.who.fill(g.now, g.peers) == std::vector<peer_key>{10});
}

TEST_CASE("a seed without slots gets none by uploading") {
  seed_game g(with_slots(0));
  CHECK(g.round_at(100 * block) == 0);
}
