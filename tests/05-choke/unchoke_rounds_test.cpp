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
  s.given("two slots and peers 1 and 2, both interested");
  peers.add(1, 100);
  peers.add(2, 50);
  test::joined_group group(desk);
  group.spawn(run_choker(desk.clock, who, peers), "choker");
  desk.settle();
  words const first = peers.take_told();
  s.expect("both are unchoked at once", first == words{"unchoke 1", "unchoke 2"},
           said(first));
  s.time("ten seconds pass");
  desk.advance(10s);
  s.expect("a round was held and nothing is said",
           peers.rounds == 2 && peers.told.empty(), said(peers.told));
  s.peer("3 comes and gives more than 1");
  peers.add(3, 200);
  desk.advance(9s);
  s.expect("nothing happens before the round", peers.told.empty(), said(peers.told));
  desk.advance(1s);
  words const told = peers.take_told();
  s.expect("one is choked and then 3 is unchoked",
           told.size() == 2 && told[0].starts_with("choke") && told[1] == "unchoke 3",
           said(told));
  group.cancel();
  desk.settle();
  CHECK(group.empty());
  CHECK_FALSE(desk.clock.next());
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
