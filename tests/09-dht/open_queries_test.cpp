// Which answers count: those of the node that was asked, in time, and with its id.
#include "09-dht/ids.hpp"
#include "dht/open_queries.hpp"

using namespace cotorra;
using namespace cotorra::dht;
using test::place;

namespace {
struct desk {
  open_queries open;
  random_source random{1};
  time_point now = time_point(1h);

  buffer ask(unsigned n, open_queries::purpose why = 0) {
    return open.open(place(n), std::nullopt, why, now, random).value();
  }
};
} // namespace

TEST_CASE("the answer to a query closes it, once") {
  desk d;
  buffer const t = d.ask(1, 7);
  auto const q = d.open.close(place(1), t);
  REQUIRE(q);
  CHECK(q->to == place(1));
  CHECK(q->why == 7);
  CHECK_FALSE(d.open.close(place(1), t));
  CHECK(d.open.empty());
}

TEST_CASE(
    "an answer from another address or port, or with another transaction, is none") {
  desk d;
  buffer const first = d.ask(1), second = d.ask(2);
  CHECK_FALSE(d.open.close(place(2), first));
  CHECK_FALSE(d.open.close({place(1).address, 6882}, first));
  CHECK_FALSE(d.open.close(place(1), second));
  CHECK_FALSE(d.open.close(place(1), bytes(first).first(3)));
  CHECK_FALSE(d.open.close(place(1), {}));
  CHECK(d.open.size() == 2);
}

TEST_CASE("transaction ids are not counted up") {
  desk d;
  std::set<std::uint32_t> seen;
  for (unsigned n = 0; n < 200; ++n) seen.insert(get_u32(d.ask(n)));
  CHECK(seen.size() == 200);
  CHECK(*seen.rbegin() - *seen.begin() > 0x40000000);
}

TEST_CASE("after five seconds there is no answer") {
  desk d;
  buffer const early = d.ask(1);
  d.now += 3s;
  buffer const later = d.ask(2);
  d.now += 2s;
  auto const dead = d.open.expire(d.now);
  REQUIRE(dead.size() == 1);
  CHECK(dead[0].to == place(1));
  CHECK_FALSE(d.open.close(place(1), early));
  CHECK(d.open.close(place(2), later));
}

TEST_CASE("no more than 256 queries wait at a time") {
  desk d;
  for (unsigned n = 0; n < open_queries::most; ++n) d.ask(n);
  CHECK_FALSE(d.open.open(place(999), std::nullopt, 0, d.now, d.random));
  d.now += 5s;
  CHECK(d.open.expire(d.now).size() == open_queries::most);
  CHECK(d.open.open(place(999), std::nullopt, 0, d.now, d.random));
}
