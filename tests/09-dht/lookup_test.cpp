// The search for the nearest nodes: its steps, its patience, and the lies that it meets.
#include "09-dht/ids.hpp"
#include "dht/lookup.hpp"
#include "dht/routing_table.hpp"

using namespace cotorra;
using namespace cotorra::dht;
using test::id, test::node, test::place;

namespace {

constexpr std::size_t k = lookup::k;

answer tells(contact const& self, std::vector<contact> nodes) {
  answer a;
  a.id = self.id;
  a.nodes = std::move(nodes);
  a.token = buffer(1, self.id.value.back());
  return a;
}

struct desk {
  lookup search;
  time_point now = time_point(1h);

  explicit desk(node_id target = id("1111"), bool shared = false)
      : search(target, shared) {}
  // Which nodes are to be asked now, by the last byte of their ids.
  std::string next() {
    std::string words;
    for (auto const& q : search.next(now))
      words += (words.empty() ? "" : " ") +
               (q.id ? std::to_string(std::to_integer<unsigned>(q.id->value.back()))
                     : std::string("?"));
    return words;
  }
  lookup::news answers(contact const& from, std::vector<contact> nodes = {}) {
    return search.answered(from.at, tells(from, std::move(nodes)));
  }
  std::string nearest() const {
    std::string words;
    for (auto const& n : search.nearest())
      words += (words.empty() ? "" : " ") +
               std::to_string(std::to_integer<unsigned>(n.node.id.value.back()));
    return words;
  }
};

// A whole DHT without a network: each node has its table, and answers at once.
struct whole_dht {
  random_source random;
  std::vector<contact> all;
  std::map<endpoint, routing_table> tables;
  time_point now = time_point(1h);

  whole_dht(unsigned n, std::uint64_t seed) : random(seed) {
    for (unsigned i = 0; i < n; ++i) all.push_back({random_id(random), place(i + 1)});
    for (contact const& c : all) {
      routing_table& t = tables.emplace(c.at, c.id).first->second;
      for (contact const& other : all) t.answered(other, now);
    }
  }
  std::vector<contact> truth(node_id const& target) const {
    auto sorted = all;
    std::ranges::sort(sorted, [&](contact const& a, contact const& b) {
      return closer(a.id, b.id, target);
    });
    sorted.resize(std::min(sorted.size(), k));
    return sorted;
  }
  answer ask(contact const& c, node_id const& target) {
    auto const& t = tables.at(c.at);
    return tells(c, t.closest(target, k, routing_table::quality::good, now));
  }
};

} // namespace

TEST_CASE("three nodes are asked at a time, the nearest first, and then nearer ones") {
  desk d;
  for (unsigned n = 1; n <= 4; ++n) d.search.add(node("0", n));
  d.search.add(node("10", 5));
  CHECK(d.next() == "5 1 2");
  CHECK(d.next().empty());
  auto const news = d.answers(node("10", 5), {node("11", 6), node("111", 7)});
  CHECK(news.hop == 1);
  CHECK(news.new_nodes == 2);
  CHECK(d.next() == "7");
  d.answers(node("111", 7));
  CHECK(d.next() == "6");
  CHECK_FALSE(d.search.done());
}

TEST_CASE("it is done when the eight nearest have answered, though others are known") {
  desk d;
  for (unsigned n = 1; n <= 10; ++n) d.search.add(node("1111", n));
  CHECK(d.next() == "1 2 3");
  for (unsigned n = 1; n <= 8; ++n) {
    CHECK_FALSE(d.search.done());
    d.answers(node("1111", n));
    CHECK(d.next() == (n <= 5 ? std::to_string(n + 3) : ""));
  }
  CHECK(d.search.done());
  CHECK(d.nearest() == "1 2 3 4 5 6 7 8");
  CHECK(d.search.asked() == 8);
  CHECK(d.next().empty());
}

TEST_CASE("with fewer than eight nodes in the world it is done when all have answered") {
  desk d;
  d.search.add(node("1", 1));
  CHECK(d.next() == "1");
  d.answers(node("1", 1), {node("1", 1), node("11", 2)});
  CHECK(d.next() == "2");
  CHECK_FALSE(d.search.done());
  d.answers(node("11", 2), {node("1", 1)});
  CHECK(d.search.done());
  CHECK(d.search.hops() == 2);
}

TEST_CASE("without a node it is done at once, and has found nothing") {
  desk d;
  CHECK(d.next().empty());
  CHECK(d.search.done());
  CHECK(d.search.nearest().empty());
}

TEST_CASE("an entrance is a node whose id is not known yet") {
  desk d;
  d.search.add_entrance(place(1));
  CHECK(d.next() == "?");
  CHECK_FALSE(d.search.done());
  d.answers(node("1", 1), {node("11", 2)});
  CHECK(d.next() == "2");
  d.answers(node("11", 2));
  CHECK(d.search.done());
  CHECK(d.nearest() == "2 1");
}

TEST_CASE("after a second of silence another is asked, and the first may still answer") {
  desk d;
  for (unsigned n = 1; n <= 4; ++n) d.search.add(node("1", n));
  CHECK(d.next() == "1 2 3");
  CHECK(d.search.due() == d.now + 1s);
  d.now += 999ms;
  CHECK(d.next().empty());
  d.now += 1ms;
  CHECK(d.next() == "4");
  CHECK(d.answers(node("1", 1), {node("11", 9)}).new_nodes == 1);
  CHECK(d.next() == "9");
  CHECK_FALSE(d.search.done()); // 2 and 3 are late, and fewer than eight have answered
  d.answers(node("1", 4));
  d.answers(node("11", 9));
  CHECK_FALSE(d.search.done());
  d.search.failed(place(2));
  d.search.failed(place(3));
  CHECK(d.search.done());
  CHECK(d.nearest() == "9 1 4");
}

TEST_CASE("an answer from a node that was not asked changes nothing") {
  desk d;
  d.search.add(node("0", 1));
  d.next();
  CHECK(d.answers(node("1111", 7), {node("1111", 8)}).hop == 0);
  CHECK(d.next().empty());
  d.answers(node("0", 1));
  CHECK(d.answers(node("0", 1), {node("1111", 8)}).hop == 0); // a second time
  CHECK(d.search.done());
  CHECK(d.nearest() == "1");
}

TEST_CASE("a node is where its own answer says, not where another has put it") {
  desk d;
  d.search.add(node("0", 1));
  d.next();
  d.answers(node("0", 1), {{id("1111", 66), place(2)}, node("01", 3)});
  CHECK(d.next() == "66 3");
  d.search.answered(place(2), tells(node("00", 2), {}));
  d.answers(node("01", 3));
  CHECK(d.search.done());
  CHECK(d.nearest() == "3 1 2");
}

TEST_CASE("of an answer with many nodes, the eight nearest are taken") {
  desk d;
  d.search.add(node("0", 1));
  d.next();
  std::vector<contact> many;
  for (unsigned n = 100; n < 132; ++n) many.push_back(node("01", n));
  for (unsigned n = 10; n < 14; ++n) many.push_back(node("11", n));
  CHECK(d.answers(node("0", 1), many).new_nodes == lookup::most_told);
  CHECK(d.next() == "10 11 12");
}

TEST_CASE("of one address one node is asked, and the next one if it is silent") {
  desk d;
  contact const first{id("1111", 1), {ip_address::v4(0x0a000001), 1}},
      second{id("1111", 2), {ip_address::v4(0x0a000001), 2}};
  std::vector<contact> all{first, second};
  for (unsigned n = 3; n < 8; ++n)
    all.push_back({id("1111", n), {first.at.address, static_cast<std::uint16_t>(n)}});
  d.search.add(node("0", 99));
  d.next();
  CHECK(d.answers(node("0", 99), all).new_nodes == 2);
  CHECK(d.next() == "1");
  SECTION("it answers") {
    d.answers(first);
    CHECK(d.next().empty());
    CHECK(d.search.done());
    CHECK(d.nearest() == "1 99");
  }
  SECTION("it is silent, and then both answer: one counts") {
    d.now += 1s;
    CHECK(d.next() == "2");
    d.answers(second);
    d.answers(first);
    CHECK(d.nearest() == "1 99");
  }
}

TEST_CASE("where a laboratory shares an address, each port is a node") {
  desk d(id("1111"), true);
  for (unsigned n = 1; n <= 3; ++n)
    d.search.add({id("1", n), {place(1).address, static_cast<std::uint16_t>(n)}});
  CHECK(d.next() == "1 2 3");
}

TEST_CASE("peers are told once, as they come") {
  desk d;
  d.search.add(node("1", 1));
  d.search.add(node("1", 2));
  d.next();
  answer a = tells(node("1", 1), {});
  a.peers = {place(50), place(51), {place(52).address, 0}};
  CHECK(d.search.answered(place(1), a).new_peers ==
        std::vector<endpoint>{place(50), place(51)});
  a.id = id("1", 2);
  a.peers = {place(51), place(53)};
  CHECK(d.search.answered(place(2), a).new_peers == std::vector<endpoint>{place(53)});
  CHECK(d.search.peers() == 3);
}

TEST_CASE("a stranger's node names no node and no peer of our own network") {
  for (std::string const teller : {"203.0.113.1:6881", "192.168.1.9:6881"}) {
    desk d;
    bool const is_stranger = teller.starts_with("203.");
    contact const from{id("1110"), endpoint::parse(teller).value()};
    d.search.add(from);
    d.next();
    answer a = tells(from, {{id("1112"), endpoint::parse("192.168.1.1:80").value()}});
    a.peers = {endpoint::parse("192.168.1.1:8080").value()};
    auto const heard = d.search.answered(from.at, a);
    CHECK(heard.new_nodes == (is_stranger ? 0 : 1));
    CHECK(heard.new_peers.size() == (is_stranger ? 0 : 1));
  }
}

TEST_CASE("each of the nearest keeps its own token") {
  desk d;
  d.search.add(node("1", 1));
  d.search.add(node("11", 2));
  d.next();
  d.answers(node("1", 1));
  d.answers(node("11", 2));
  auto const nearest = d.search.nearest();
  REQUIRE(nearest.size() == 2);
  CHECK(nearest[0].token == buffer(1, std::byte{2}));
  CHECK(nearest[1].token == buffer(1, std::byte{1}));
}

TEST_CASE(
    "a ring of nodes whose ids do not belong to their addresses hides no true one") {
  node_id const target = id("1111");
  desk d(target);
  std::vector<contact> ring;
  for (unsigned n = 0; n < 60; ++n) { // next to the target, each at an address of its own
    ring.push_back({id("1111", n), {ip_address::v4(0x08000000 + n * 65536), 1}});
    REQUIRE_FALSE(belongs_to(ring.back().id, ring.back().at.address));
  }
  std::vector<contact> honest;
  for (unsigned n = 101; n <= 110; ++n) honest.push_back(node("1", n));
  for (contact const& c : honest) d.search.add(c);
  for (int turn = 0; turn < 500 && !d.search.done(); ++turn) {
    for (auto const& q : d.search.next(d.now)) {
      bool const lies = std::ranges::count(ring, q.at, &contact::at) != 0;
      contact const self{q.id.value(), q.at};
      d.answers(self, lies || q.id->value.back() == std::byte{101} ? ring : honest);
    }
  }
  REQUIRE(d.search.done());
  std::size_t true_ones = 0;
  for (auto const& n : d.search.nearest())
    true_ones += std::ranges::count(honest, n.node);
  CHECK(true_ones == k);
  CHECK(d.search.nearest().size() <= 2 * k);
}

TEST_CASE("nodes that invent nodes for ever are asked a bounded number of times") {
  desk d;
  random_source random(1);
  unsigned invented = 1000;
  d.search.add(node("0", 1));
  int turns = 0;
  for (; turns < 10000 && !d.search.done(); ++turns) {
    for (auto const& q : d.search.next(d.now)) {
      std::vector<contact> more; // each a little nearer than all before
      for (int i = 0; i < 40; ++i) {
        unsigned const n = ++invented;
        node_id near = random_id_sharing(d.search.target(), 4 + n / 40 % 150, random);
        more.push_back({near, place(n)});
      }
      d.answers({q.id.value(), q.at}, more);
    }
  }
  CHECK(d.search.done());
  CHECK(d.search.asked() <= lookup::most_asked);
}

TEST_CASE("nodes that do not exist cost a bounded time") {
  desk d;
  d.search.add(node("0", 1));
  d.next();
  std::vector<contact> ghosts;
  for (unsigned n = 10; n < 40; ++n) ghosts.push_back(node("1111", n));
  d.answers(node("0", 1), ghosts);
  time_point const begun = d.now;
  std::multimap<time_point, endpoint> silent;
  while (!d.search.done()) {
    for (auto const& q : d.search.next(d.now)) silent.emplace(d.now + 5s, q.at);
    d.now += 100ms;
    while (!silent.empty() && silent.begin()->first <= d.now) {
      d.search.failed(silent.begin()->second);
      silent.erase(silent.begin());
    }
    REQUIRE(d.now - begun < 10s);
  }
  CHECK(d.nearest() == "1");
}

TEST_CASE("in a DHT of 500 nodes the lookup finds the true nearest, in few hops") {
  whole_dht dht(500, 3);
  std::size_t most = 0;
  for (int i = 0; i < 40; ++i) {
    node_id const target = random_id(dht.random);
    lookup search(target, false);
    for (contact const& c :
         dht.tables.at(place(i + 1))
             .closest(target, k, routing_table::quality::good, dht.now))
      search.add(c);
    while (!search.done())
      for (auto const& q : search.next(dht.now))
        search.answered(q.at, dht.ask({*q.id, q.at}, target));
    std::vector<contact> found;
    for (auto const& n : search.nearest()) found.push_back(n.node);
    // the asking node is not told of itself; it may be among the nearest
    auto truth = dht.truth(target);
    CHECK(found.size() == k);
    CHECK(found.front() == truth.front());
    CHECK(search.asked() < 40);
    most = std::max<std::size_t>(most, search.hops());
  }
  CHECK(most >= 2);
  CHECK(most <= 6);
}
