// The table of nodes: buckets that split, places that are won and lost, and what it
// refuses.
#include "09-dht/ids.hpp"
#include "dht/routing_table.hpp"

using namespace cotorra;
using namespace cotorra::dht;
using quality = routing_table::quality;
using test::id, test::node, test::place;

namespace {

constexpr std::size_t k = routing_table::k;

struct desk {
  routing_table table{id("")}; // our id is 000...
  time_point now = time_point(1h);
  random_source random{1};

  // Nodes whose ids begin with these bits answer, numbered from first on.
  void answer(std::string_view bits, unsigned first, unsigned count) {
    for (unsigned n = first; n < first + count; ++n) table.answered(node(bits, n), now);
  }
  // How many nodes each bucket has, by shared bits: "8 8 3".
  std::string shape() const {
    std::string words;
    for (auto const& b : table.status(now))
      words +=
          (words.empty() ? "" : " ") + std::to_string(b.good + b.questionable + b.bad);
    return words;
  }
  std::string tails(std::vector<contact> const& all) const {
    std::string words;
    for (contact const& c : all)
      words += (words.empty() ? "" : " ") +
               std::to_string(std::to_integer<unsigned>(c.id.value.back()));
    return words;
  }
};

} // namespace

TEST_CASE("a bucket splits only when our own id is in it") {
  desk d;
  d.answer("1", 1, 8);
  CHECK(d.shape() == "8");
  d.answer("01", 11, 1); // the ninth: one bucket of ids with 1, and one of ids with 0
  CHECK(d.shape() == "8 1");
  d.answer("1", 21, 8); // far from us: that bucket is full
  CHECK(d.shape() == "8 1");
  CHECK(d.table.status(d.now)[0].spare == 8);
  d.answer("01", 31, 7);
  d.answer("001", 41, 3);
  CHECK(d.shape() == "8 8 3");
  CHECK(d.table.size() == 19);
}

TEST_CASE("all of many near nodes find a place, since the buckets near us split on") {
  desk d;
  d.answer("00000000000", 1, 8);
  d.answer("00000000001", 11, 1);
  CHECK(d.table.size() == 9);
  CHECK(d.table.status(d.now).size() == 12);
}

TEST_CASE("a node that is not told apart from us is no node") {
  desk d;
  d.table.answered({id(""), place(1)}, d.now);
  CHECK(d.table.size() == 0);
  CHECK_FALSE(d.table.wants({id(""), place(1)}));
}

TEST_CASE("the nearest nodes are found, the nearest first") {
  desk d;
  for (unsigned n = 1; n <= 200; ++n)
    d.table.answered({random_id(d.random), place(n)}, d.now);
  auto const known = d.table.all();
  for (int i = 0; i < 50; ++i) {
    node_id const target = random_id(d.random);
    auto all = known;
    std::ranges::sort(all, [&](contact const& a, contact const& b) {
      return closer(a.id, b.id, target);
    });
    all.resize(k);
    CHECK(d.table.closest(target, k, quality::good, d.now) == all);
  }
}

TEST_CASE("a good node grows questionable after 15 minutes, and is asked") {
  desk d;
  d.answer("1", 1, 1);
  CHECK(d.table.good(d.now) == 1);
  CHECK_FALSE(d.table.to_check(d.now));
  CHECK(d.table.due() == d.now + 15min);
  d.now += 15min;
  CHECK(d.table.good(d.now) == 0);
  CHECK(d.table.closest(id("1"), k, quality::good, d.now).empty());
  CHECK(d.table.closest(id("1"), k, quality::not_bad, d.now).size() == 1);
  CHECK(d.table.to_check(d.now) == node("1", 1));
  CHECK_FALSE(d.table.to_check(d.now)); // one question at a time
  SECTION("it answers") {
    d.answer("1", 1, 1);
    CHECK(d.table.good(d.now) == 1);
    CHECK_FALSE(d.table.to_check(d.now + 14min));
  }
  SECTION("it is silent twice, and bad") {
    d.table.failed(node("1", 1), d.now);
    CHECK_FALSE(d.table.to_check(d.now + 14s));
    CHECK(d.table.to_check(d.now + 15s) == node("1", 1));
    d.table.failed(node("1", 1), d.now + 20s);
    CHECK_FALSE(d.table.to_check(d.now + 24h));
    CHECK(d.table.closest(id("1"), k, quality::not_bad, d.now).empty());
    CHECK(d.table.size() == 1); // still the way back, if no other is known
    CHECK(d.table.closest(id("1"), k, quality::any, d.now).size() == 1);
  }
}

TEST_CASE("a query keeps a node good only if it has answered before") {
  desk d;
  d.table.asked(node("1", 1), d.now);
  CHECK(d.table.size() == 0);
  CHECK(d.table.wants(node("1", 1)));
  d.answer("1", 1, 1);
  CHECK_FALSE(d.table.wants(node("1", 1)));
  d.now += 14min;
  d.table.asked(node("1", 1), d.now);
  d.now += 14min;
  CHECK(d.table.good(d.now) == 1);
  SECTION("but not after a silence: queries are easily forged") {
    d.table.failed(node("1", 1), d.now);
    d.table.asked(node("1", 1), d.now);
    d.now += 1min;
    CHECK(d.table.good(d.now) == 0);
  }
}

TEST_CASE("a spare node takes the place of one that went bad") {
  desk d;
  d.answer("01", 99, 1);
  d.answer("1", 1, 8);
  d.answer("1", 11, 2);
  for (int i = 0; i < 2; ++i) d.table.failed(node("1", 3), d.now);
  CHECK_FALSE(d.table.knows(node("1", 3)));
  CHECK(d.table.knows(node("1", 12))); // the one heard last
  CHECK(d.table.status(d.now)[0].spare == 1);
  for (int i = 0; i < 2; ++i) d.table.failed(node("1", 4), d.now);
  for (int i = 0; i < 2; ++i) d.table.failed(node("1", 5), d.now);
  CHECK(d.table.knows(node("1", 5))); // there is no spare node any more
  d.answer("1", 21, 1);               // and the next that answers has its place
  CHECK_FALSE(d.table.knows(node("1", 5)));
  CHECK(d.table.knows(node("1", 21)));
}

TEST_CASE("a bucket has one node of an address") {
  bool const shared = GENERATE(false, true);
  desk d;
  routing_table table(id(""), shared);
  for (std::uint16_t port = 1; port <= 5; ++port)
    table.answered({id("1", port), {ip_address::v4(0x01020304), port}}, d.now);
  CHECK(table.size() == (shared ? 5 : 1));
  for (std::uint16_t port = 1; port <= 5; ++port)
    table.answered({id("1", 10u + port), {test::at("[2001:db8::1]:1").address, port}},
                   d.now);
  table.answered({id("1", 19), test::at("[2001:db8::ffff:1]:1")}, d.now);
  CHECK(table.size() == (shared ? 8 : 2));
}

TEST_CASE("another address does not take over an id, and another id not an endpoint") {
  desk d;
  d.answer("1", 1, 1);
  contact const thief{id("1", 1), place(2)};
  CHECK_FALSE(d.table.wants(thief));
  d.table.answered(thief, d.now);
  CHECK(d.table.all() == std::vector<contact>{node("1", 1)});
  contact const anew{id("1", 2), place(1)}; // it answered from there: the old one is gone
  d.table.answered(anew, d.now);
  CHECK(d.table.all() == std::vector<contact>{anew});
}

TEST_CASE("a node whose id belongs to its address comes before one whose id does not") {
  desk d;
  auto const far = [](node_id n) {
    n.value[0] |= std::byte{0x80};
    return n;
  };
  d.answer("01", 99, 1);
  for (unsigned n = 0; n < k; ++n) { // ids of their own choice
    contact const c{id("1", n), {ip_address::v4(0x08080800 + n), 1}};
    REQUIRE_FALSE(belongs_to(c.id, c.at.address));
    d.table.answered(c, d.now);
  }
  CHECK(d.table.size() == 9);
  contact mine;
  for (unsigned n = 0; mine.id != far(mine.id) || n == 0; ++n) {
    mine.at = {ip_address::v4(0x09090900 + n), 1};
    mine.id = id_for(mine.at.address, std::byte{1}, d.random);
  }
  d.table.answered(mine, d.now);
  CHECK(d.table.knows(mine));
  CHECK(d.table.size() == 9);
}

TEST_CASE("a quiet bucket is refreshed with a random id of its own") {
  desk d;
  d.answer("1", 1, 8);
  d.answer("01", 11, 1);
  CHECK_FALSE(d.table.to_refresh(d.now, d.random));
  d.now += 10min;
  d.answer("1", 1, 1);
  d.now += 5min;
  auto const target = d.table.to_refresh(d.now, d.random);
  REQUIRE(target);
  CHECK(common_bits(*target, d.table.own()) >= 1);
  CHECK_FALSE(d.table.to_refresh(d.now, d.random));
  d.now += 10min;
  auto const next = d.table.to_refresh(d.now, d.random);
  REQUIRE(next);
  CHECK(common_bits(*next, d.table.own()) == 0);
}

TEST_CASE("under another id of ours, each node is in the bucket where it belongs") {
  desk d;
  d.answer("1", 1, 8);
  d.answer("0", 11, 5);
  d.table.rename(id("11"), d.now);
  CHECK(d.table.own() == id("11"));
  CHECK(d.shape() == "5 8");
  CHECK(d.tails(d.table.closest(id("1", 2), 1, quality::good, d.now)) == "2");
}

TEST_CASE("a flood of answers from everywhere leaves the table bounded") {
  desk d;
  for (unsigned n = 1; n <= 20000; ++n) {
    unsigned const shared = static_cast<unsigned>(d.random.below(159));
    d.table.answered({random_id_in_bucket(id(""), shared, d.random), place(n)}, d.now);
  }
  CHECK(d.table.status(d.now).size() <= id_bits);
  std::size_t all = d.table.size();
  for (auto const& b : d.table.status(d.now)) {
    CHECK(b.good <= k);
    CHECK(b.spare <= k);
    all += b.spare;
  }
  CHECK(all <= 2 * k * id_bits);
}

TEST_CASE("what a model says of a thousand random events, the table does") {
  desk d;
  std::vector<contact> people;
  for (unsigned n = 1; n <= 120; ++n) people.push_back({random_id(d.random), place(n)});
  std::map<endpoint, unsigned> silences; // of those that the model knows to be in it
  for (int step = 0; step < 3000; ++step) {
    contact const& c = people[d.random.below(people.size())];
    d.now += 1s;
    if (d.random.below(3) == 0)
      d.table.failed(c, d.now);
    else
      d.table.answered(c, d.now);
    auto const all = d.table.all();
    std::set<node_id> const ids = [&] {
      std::set<node_id> s;
      for (contact const& one : all) s.insert(one.id);
      return s;
    }();
    REQUIRE(ids.size() == all.size()); // none is in it twice
    auto const status = d.table.status(d.now);
    for (std::size_t i = 0; i < status.size(); ++i)
      REQUIRE(status[i].good + status[i].questionable + status[i].bad <= k);
    for (contact const& one : d.table.closest(c.id, k, quality::good, d.now))
      REQUIRE(d.table.knows(one));
  }
}
