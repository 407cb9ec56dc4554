// The choker at work, in virtual time.
#include "choke/choker_talk.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include "support/joined_group.hpp"
#include "support/story.hpp"
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::choke;

namespace {

// Peers that note what they are told.
struct noting_host : choker::host {
  std::vector<choke_candidate> peers;
  std::vector<std::string> told;
  int rounds = 0;

  std::vector<choke_candidate> candidates(time_point) override {
    ++rounds;
    return peers;
  }
  void choke(peer_key k) override { tell(k, false, "choke"); }
  void unchoke(peer_key k) override { tell(k, true, "unchoke"); }

  std::vector<std::string> take_told() { return std::exchange(told, {}); }
  void add(peer_key key, double rate) {
    choke_candidate c;
    c.key = key;
    c.interested = true;
    c.rate = rate;
    peers.push_back(c);
  }

private:
  void tell(peer_key k, bool unchoked, std::string_view what) {
    for (choke_candidate& c : peers)
      if (c.key == k) c.unchoked = unchoked;
    told.push_back(fmt::format("{} {}", what, k));
  }
};

using words = std::vector<std::string>;

std::string said(words const& told) {
  std::string out = told.empty() ? "nothing is said" : "said:";
  for (std::string const& w : told) out += (&w == &told.front() ? " " : ", ") + w;
  return out;
}

choker_options with_slots(std::size_t n) {
  choker_options o;
  o.slots = n;
  return o;
}

} // namespace

TEST_CASE("a round every ten seconds tells only what changes") {
  test::bench desk;
  test::story s;
  random_source random(1);
  choker who(random, with_slots(2));
  noting_host peers;
  s.given("two slots; peers 1 and 2 are interested, 9 is not");
  peers.add(9, 0);
  peers.peers.back().interested = false;
  peers.add(1, 100);
  peers.add(2, 50);
  test::joined_group group(desk);
  group.spawn(run_choker(desk.clock, who, peers), "choker");
  desk.settle();
  words const first = peers.take_told();
  s.expect("1 and 2 are unchoked at once", first == words{"unchoke 1", "unchoke 2"},
           said(first));
  s.time("ten seconds pass");
  desk.advance(10s);
  s.expect("a round was held and nothing is said",
           peers.rounds == 2 && peers.told.empty(), said(peers.told));
  s.peer("3 comes, is the first in the list, and gives more than 1");
  peers.add(3, 200);
  std::ranges::rotate(peers.peers, peers.peers.end() - 1);
  desk.advance(9s);
  s.expect("nothing happens before the round", peers.told.empty(), said(peers.told));
  desk.advance(1s);
  words const told = peers.take_told();
  s.expect("1 or 2 is choked, and only then 3 is unchoked",
           told == words{"choke 1", "unchoke 3"} || told == words{"choke 2", "unchoke 3"},
           said(told));
  group.cancel();
  desk.settle();
  CHECK(group.empty());
  CHECK_FALSE(desk.clock.next());
}

TEST_CASE("a round tells every peer that loses its slot and every peer that gets one") {
  random_source random(1);
  choker who(random, with_slots(3));
  noting_host peers;
  test::story s;
  s.given("three slots; peers 1, 2 and 3 have them and want no more; 4, 5 and 6 wait");
  for (peer_key k = 1; k <= 6; ++k) {
    peers.add(k, 1000.0 * double(k));
    peers.peers.back().unchoked = k <= 3;
    peers.peers.back().interested = k > 3;
  }
  s.time("a round is held");
  hold_round(who, time_point(1h), peers);
  words const told = peers.take_told();
  s.expect("1, 2 and 3 are choked, then 4, 5 and 6 are unchoked",
           told == words{"choke 1", "choke 2", "choke 3", "unchoke 4", "unchoke 5",
                         "unchoke 6"},
           said(told));
}

TEST_CASE("two torrents have a choker each, and each tells its own peers") {
  random_source random(1);
  choker first(random), second(random);
  noting_host some, others;
  some.add(1, 100);
  others.add(1, 100);
  hold_round(first, time_point(1h), some);
  CHECK(some.take_told() == words{"unchoke 1"});
  hold_round(second, time_point(1h), others);
  CHECK(others.take_told() == words{"unchoke 1"});
}

TEST_CASE("a free slot is given between the rounds without choking any peer") {
  random_source random(1);
  choker who(random, with_slots(2));
  noting_host peers;
  peers.add(1, 100);
  hold_round(who, time_point(1h), peers);
  CHECK(peers.take_told() == words{"unchoke 1"});
  peers.add(2, 300);
  peers.add(3, 200);
  fill_free_slots(who, time_point(1h) + 1s, peers);
  CHECK(peers.take_told() == words{"unchoke 2"});
  fill_free_slots(who, time_point(1h) + 2s, peers);
  CHECK(peers.told.empty());
}

TEST_CASE("an unchoked peer that loses interest is choked in the next round") {
  random_source random(1);
  choker who(random);
  noting_host peers;
  peers.add(1, 100);
  hold_round(who, time_point(1h), peers);
  peers.take_told();
  peers.peers[0].interested = false;
  hold_round(who, time_point(1h) + 10s, peers);
  CHECK(peers.take_told() == words{"choke 1"});
}
