// Which peers are unchoked: tit-for-tat and luck.
#include "choker_game.hpp"
#include "support/story.hpp"
#include <map>

using namespace cotorra;
using namespace cotorra::choke;
using namespace cotorra::test;

namespace {

// The lucky peers of the next three rounds, when 8, 9 and 10 give most.
keys lucky_for_thirty_seconds(game& g) {
  keys lucky;
  for (int i = 0; i < 3; ++i)
    for (peer_key k : g.round())
      if (k < 8) lucky.insert(k);
  return lucky;
}

// Peers 1, 2, 3 ..., which give these rates.
std::vector<choke_candidate> givers_of(std::vector<double> const& rates) {
  std::vector<choke_candidate> all;
  for (double rate : rates) all.push_back(peer(all.size() + 1, rate));
  return all;
}

// Who gets the free slots, in this order, when no peer has one yet.
std::string filled(game& g) {
  std::string out;
  for (peer_key k : g.who.fill(g.now, g.peers)) out += " " + std::to_string(k);
  return out.empty() ? "no peer" : "peers" + out;
}

} // namespace

TEST_CASE("free slots go to the peers that give most and the best comes first") {
  game g;
  story s;
  s.given("four free slots; peers 1 to 6 give 10, 60, 20, 50, 30 and 40 KB/s");
  g.peers = givers_of({10e3, 60e3, 20e3, 50e3, 30e3, 40e3});
  std::string const chosen = filled(g);
  s.expect("peers 2 4 6 5 get them, in this order", chosen == "peers 2 4 6 5", chosen);
}

TEST_CASE("tit for tat: the peers that give most are unchoked and one more by lot") {
  game g;
  story s;
  s.given("four slots and ten interested peers; peer 10 gives most, peer 1 least");
  g.peers = givers(10);
  for (int i = 0; i < 4; ++i) {
    keys const chosen = g.round();
    s.time("a round is held");
    s.expect("8, 9 and 10 are unchoked", holds(chosen, {8, 9, 10}), names(chosen));
    s.expect("and one more", chosen.size() == 4, names(chosen));
  }
  s.peer("1 gives more than 8 from now on, and less than 9");
  g[1].rate = 8500;
  keys const chosen = g.round();
  s.expect("1, 9 and 10 are unchoked", holds(chosen, {1, 9, 10}), names(chosen));
}

TEST_CASE("a peer that is not interested gets no slot however much it gives") {
  game g;
  g.peers = givers(10);
  g[10].interested = false;
  for (int i = 0; i < 12; ++i) {
    keys const chosen = g.round();
    CHECK(chosen.count(10) == 0);
    CHECK(holds(chosen, {7, 8, 9}));
  }
}

TEST_CASE("peers that give the same keep their order") {
  game g(with_slots(40));
  g.peers = givers_of(std::vector<double>(40, 1000.0));
  std::string in_order = "peers";
  for (int k = 1; k <= 40; ++k) in_order += " " + std::to_string(k);
  CHECK(filled(g) == in_order);
}

TEST_CASE("rates are compared as they are, however small or large") {
  game small(with_slots(2)), large(with_slots(2));
  small.peers = givers_of({10.25, 10.75, 0.5});
  CHECK(filled(small) == "peers 2 1");
  large.peers = givers_of({5e9, 3e3, 6e9}); // more than 2^32 bytes a second
  CHECK(filled(large) == "peers 3 1");
}

TEST_CASE("a peer that gives half a byte a second comes before peers that give nothing") {
  game g(with_slots(1));
  g.peers = givers_of(std::vector<double>(20, 0.0));
  g.peers.push_back(peer(21, 0.5));
  CHECK(filled(g) == "peers 21");
}

TEST_CASE("no slot stays empty while an interested peer is choked") {
  for (std::size_t slots = 0; slots <= 12; ++slots)
    for (bool const seeding : {false, true}) {
      game g(with_slots(slots));
      g.who.set_seeding(seeding);
      g.peers = givers(8);
      for (choke_candidate& c : g.peers) c.rate = c.key % 2 ? 0 : c.rate;
      g[3].snubbed = g[4].snubbed = true;
      for (int i = 0; i < 20; ++i) {
        std::size_t const served = g.round().size();
        INFO(slots << " slots and 8 interested peers, round " << i + 1);
        CHECK(served == std::min<std::size_t>(slots, 8));
      }
    }
}

TEST_CASE("with unlimited slots every interested peer is unchoked") {
  game g(with_slots(choker_options::unlimited));
  g.peers = givers(200);
  g[7].interested = false;
  CHECK(g.round().size() == 199);
  g.who.set_seeding(true);
  CHECK(g.round().size() == 199);
}

TEST_CASE("without peers none is chosen") {
  game g;
  CHECK(g.round().empty());
  g.who.set_seeding(true);
  CHECK(g.round().empty());
}

TEST_CASE("an optimistic unchoke lasts thirty seconds and then goes to another peer") {
  game g;
  story s;
  s.given("four slots and ten interested peers; 8, 9 and 10 give most");
  g.peers = givers(10);
  keys last = lucky_for_thirty_seconds(g);
  s.expect("one of the other peers is lucky for three rounds", last.size() == 1,
           names(last));
  s.time("the next three rounds are held");
  keys const second = lucky_for_thirty_seconds(g);
  s.expect("another peer is lucky", second.size() == 1 && second != last, names(second));
  last = second;
  for (int i = 0; i < 28; ++i) {
    keys const next = lucky_for_thirty_seconds(g);
    REQUIRE(next.size() == 1);
    INFO("the same peer is lucky for another thirty seconds");
    CHECK(next != last);
    last = next;
  }
}

TEST_CASE("a peer that was not lucky comes first in the next draw") {
  game g;
  story s;
  s.given("four slots and five interested peers, of which none gives anything");
  g.peers = givers_of({0, 0, 0, 0, 0});
  keys const first = g.round();
  s.expect("four of them are lucky", first.size() == 4, names(first));
  keys left_out = {1, 2, 3, 4, 5};
  for (peer_key k : first) left_out.erase(k);
  s.time("thirty seconds pass");
  g.now = start + 30s;
  keys const second = g.round();
  s.expect("four are lucky again", second.size() == 4, names(second));
  s.expect("the one that was left out, " + names(left_out) + ", is among them",
           holds(second, left_out), names(second));
}

TEST_CASE("when the lucky peer has earned its slot another one is drawn") {
  game g;
  g.peers = givers(10);
  keys const chosen = g.round();
  peer_key const lucky = *chosen.begin();
  REQUIRE(lucky < 8);
  g[lucky].rate = 1e6;
  keys const next = g.round();
  CHECK(next.size() == 4);
  CHECK(holds(next, {lucky, 9, 10}));
}

TEST_CASE("when the lucky peer leaves another one is drawn at once") {
  game g;
  g.peers = givers(10);
  peer_key const lucky = *g.round().begin();
  std::erase_if(g.peers, [&](choke_candidate const& c) { return c.key == lucky; });
  keys const next = g.round();
  CHECK(next.size() == 4);
  CHECK(next.count(lucky) == 0);
}

TEST_CASE("newcomers are drawn three times as often") {
  game g;
  std::map<peer_key, int> luck;
  int const draws = 6000;
  for (int i = 0; i < draws; ++i) {
    g.peers = givers(13);
    for (peer_key k : {1, 2, 3, 4, 5}) g[k].connected_at = g.now;
    for (peer_key k : g.round())
      if (k <= 10) ++luck[k];
    g.now += g.who.options().optimistic_round;
  }
  int newcomers = 0, others = 0;
  for (peer_key k = 1; k <= 10; ++k) (k <= 5 ? newcomers : others) += luck[k];
  CHECK(newcomers + others == draws);
  // a peer that was lucky last sits out a draw, so newcomers get a little less: 2.6 for 3
  double const ratio = double(newcomers) / double(others);
  CHECK(ratio > 2.3);
  CHECK(ratio < 3.2);
  for (peer_key k = 1; k <= 10; ++k) CHECK(luck[k] > 100);
}

TEST_CASE("a connection is a newcomer for a minute") {
  choker_options options = with_slots(1);
  options.newcomer_lots = 1000000;
  game g(options);
  g.peers = {peer(1, 0), peer(2, 0)};
  g[1].connected_at = g.now - 59s;
  CHECK(g.round() == keys{1});
  game old(options);
  old.peers = {peer(1, 0), peer(2, 0)};
  old[1].connected_at = old.now - 60s;
  old[2].connected_at = old.now;
  CHECK(old.round() == keys{2});
}

TEST_CASE("a peer that snubs us keeps no earned slot") {
  game g;
  story s;
  s.given("four slots and ten interested peers; 8, 9 and 10 give most");
  g.peers = givers(10);
  CHECK(holds(g.round(), {8, 9, 10}));
  s.peer("10 sends no block for a minute");
  g[10].snubbed = true;
  keys const next = g.round();
  s.expect("7, 8 and 9 have the earned slots", holds(next, {7, 8, 9}), names(next));
  int slots_of_10 = static_cast<int>(next.count(10));
  for (int i = 0; i < 300; ++i) {
    keys const chosen = g.round();
    CHECK(holds(chosen, {7, 8, 9}));
    slots_of_10 += static_cast<int>(chosen.count(10));
  }
  CHECK(slots_of_10 > 0); // luck may still find it
  CHECK(slots_of_10 < 100);
}

TEST_CASE("in a swarm where no peer gives anything yet all are served by lot") {
  game g;
  for (peer_key k = 1; k <= 12; ++k) g.peers.push_back(peer(k, 0));
  keys served;
  for (int i = 0; i < 30; ++i) {
    keys const chosen = g.round();
    CHECK(chosen.size() == 4);
    served.insert(chosen.begin(), chosen.end());
  }
  CHECK(served.size() == 12);
}

TEST_CASE("a free rider gets less than the peers that give") {
  game g;
  g.peers = givers(8);
  g[1].rate = 0;
  std::map<peer_key, int> rounds;
  for (int i = 0; i < 360; ++i)
    for (peer_key k : g.round()) ++rounds[k];
  CHECK(rounds[8] == 360);
  CHECK(rounds[1] > 0);
  CHECK(rounds[1] < 360 / 3);
}

TEST_CASE("the same seed makes the same choices") {
  game a, b;
  a.peers = b.peers = givers(20);
  for (int i = 0; i < 50; ++i) CHECK(a.round() == b.round());
}

TEST_CASE("a slot that is free between rounds is filled and no peer loses one") {
  for (bool const seeding : {false, true}) {
    game g;
    g.who.set_seeding(seeding);
    g.peers = givers(3);
    CHECK(g.round().size() == 3);
    g.peers.push_back(peer(4, 0));
    CHECK(g.who.fill(g.now, g.peers) == std::vector<peer_key>{4});
    g[4].unchoked = true;
    g.peers.push_back(peer(5, 0));
    CHECK(g.who.fill(g.now, g.peers).empty());
    g[2].interested = false;
    CHECK(g.who.fill(g.now, g.peers) == std::vector<peer_key>{5});
  }
}

TEST_CASE("fewer slots take effect in the next round") {
  for (bool const seeding : {false, true}) {
    game g;
    g.who.set_seeding(seeding);
    g.peers = givers(10);
    CHECK(g.round().size() == 4);
    g.who.set_slots(2);
    CHECK(g.round().size() == 2);
    g.who.set_slots(0);
    CHECK(g.round().empty());
  }
}

TEST_CASE("a peer that drew a free slot between rounds keeps it until the next draw") {
  game g;
  g.peers = givers(3);
  g.round();
  g.peers.push_back(peer(4, 0));
  REQUIRE(filled(g) == "peers 4");
  g[4].unchoked = true;
  for (peer_key k = 5; k <= 24; ++k) g.peers.push_back(peer(k, 0));
  CHECK(g.round() == keys{1, 2, 3, 4});
  CHECK(g.round() == keys{1, 2, 3, 4});
  CHECK(g.round().count(4) == 0); // thirty seconds after the first round
}
