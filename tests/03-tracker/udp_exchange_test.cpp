// One question to a UDP tracker: what is sent when, and what an answer means.
#include "print.hpp"
#include "support/catch.hpp"
#include "tracker/udp_exchange.hpp"

using namespace cotorra;
using namespace cotorra::tracker;
using Catch::Matchers::ContainsSubstring;

namespace {

time_point at(duration d) { return time_point{} + d; }

endpoint const one = *endpoint::parse("192.0.2.1:6969"),
               two = *endpoint::parse("192.0.2.2:6969");

struct scene {
  udp_connections ids;
  random_source random{1};
  std::vector<endpoint> addresses{one};
  time_point now{};
  std::optional<udp_exchange> made;
  std::optional<udp_exchange::sending> last;

  udp_exchange& exchange() {
    if (!made) made.emplace(udp_announce{}, addresses, ids, random);
    return *made;
  }
  // Sends as long as no answer comes, and tells when: "connect 0, connect 15, ..."
  std::string send_until(duration end) {
    std::string out;
    while (now < at(end)) {
      last = exchange().next(now);
      if (!last) return out + "the end";
      out += std::string(last->is_question ? "announce " : "connect ") +
             std::to_string(
                 std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch())
                     .count()) +
             (last->to == two ? " to two, " : ", ");
      now += last->patience;
    }
    return out;
  }
  void send(duration when) {
    now = at(when);
    last = exchange().next(now);
  }
  std::uint32_t transaction() const { return get_u32(bytes(last->packet).subspan(12)); }
  std::optional<udp_answer> comes(udp_answer const& a, endpoint from = one) {
    return exchange().take(encode(a, ip_family::v4), from, now);
  }
  void connected(std::uint64_t id = 7, endpoint from = one) {
    CHECK_FALSE(comes(udp_connected{transaction(), id}, from));
  }
  bool expects(std::uint32_t transaction, endpoint from = one) {
    return exchange().expects(
        encode(udp_answer(udp_connected{transaction, 1}), ip_family::v4), from);
  }
};

} // namespace

TEST_CASE("a silent tracker is asked at 0, 15, 45, 105 s, and so on to n = 8") {
  scene s;
  CHECK(s.send_until(24h) == "connect 0, connect 15, connect 45, connect 105, "
                             "connect 225, connect 465, connect 945, connect 1905, "
                             "connect 3825, the end");
  CHECK(s.now == at(7665s)); // the last one had 3840 s
  CHECK(s.exchange().sent() == 9);
  CHECK_FALSE(s.exchange().was_answered());
}

TEST_CASE("an announce without an answer needs a new connection id after a minute") {
  scene s; // the example of BEP 15
  s.send(0s);
  s.now = at(1s);
  s.connected();
  s.now = at(2s);
  CHECK(s.send_until(300s) == "announce 2, announce 17, announce 47, connect 107, "
                              "connect 227, ");
}

TEST_CASE("a tracker that only ever connects is given up, too") {
  scene s;
  int packets = 0;
  s.send(0s);
  while (s.last && packets < 1000) {
    ++packets;
    if (s.last->is_question)
      s.now += s.last->patience;
    else
      s.connected();
    s.last = s.exchange().next(s.now);
  }
  CHECK(packets < 20);
  CHECK(s.exchange().was_answered());
}

TEST_CASE("retransmissions have the transaction id of the first packet") {
  scene s;
  s.send(0s);
  std::uint32_t const first = s.transaction();
  s.send(15s);
  CHECK(s.transaction() == first);
  s.connected();
  s.send(16s);
  std::uint32_t const question = s.transaction();
  CHECK(question != first);
  s.send(31s);
  CHECK(s.transaction() == question);
}

TEST_CASE("the question carries the connection id") {
  scene s;
  s.send(0s);
  s.connected(0xABCDEF);
  s.send(0s);
  REQUIRE(s.last->is_question);
  CHECK(get_number<std::uint64_t>(s.last->packet) == 0xABCDEF);
}

TEST_CASE("a connection id is used for a minute, by all") {
  scene s;
  s.send(0s);
  s.connected();
  auto const asks_at_once = [&](duration when) {
    udp_exchange other(udp_scrape{}, {one}, s.ids, s.random);
    return other.next(at(when))->is_question;
  };
  CHECK(asks_at_once(0s));
  CHECK(asks_at_once(59999ms));
  CHECK_FALSE(asks_at_once(60s));
}

TEST_CASE("an id from another exchange that earns no answer is dropped") {
  scene s;
  s.ids.keep(one, 7, s.now);
  CHECK(s.send_until(50s) == "announce 0, connect 15, connect 45, ");
  CHECK_FALSE(s.ids.find(one, at(50s)));
}

TEST_CASE("an error for an id from another exchange makes it connect, once") {
  scene s;
  s.ids.keep(one, 7, s.now);
  s.send(0s);
  CHECK(s.last->is_question);
  CHECK_FALSE(s.comes(udp_failed{s.transaction(), "unknown id"}));
  s.send(0s);
  CHECK_FALSE(s.last->is_question);
  s.connected(8);
  s.send(0s);
  auto const said = s.comes(udp_failed{s.transaction(), "no"});
  REQUIRE(said);
  CHECK(std::get<udp_failed>(*said).reason == "no");
}

TEST_CASE("an error that answers a connect is told") {
  scene s;
  s.send(0s);
  CHECK(s.comes(udp_failed{s.transaction(), "go away"}));
}

TEST_CASE("a connect goes to each address in turn, the question where it was answered") {
  scene s;
  s.addresses = {one, two};
  CHECK(s.send_until(105s) == "connect 0, connect 15 to two, connect 45, ");
  s.connected(7, two);
  CHECK(s.send_until(106s) == "announce 105 to two, ");
}

TEST_CASE("an address that has given us an id is asked first") {
  scene s;
  s.addresses = {one, two};
  s.ids.keep(two, 7, s.now);
  CHECK(s.send_until(1s) == "announce 0 to two, ");
}

TEST_CASE("an address that nothing can be sent to is left out at once") {
  scene s;
  s.addresses = {one, two};
  s.send(0s);
  CHECK(s.exchange().unreachable(one));
  CHECK(s.send_until(14s) == "connect 0 to two, ");
  CHECK_FALSE(s.exchange().unreachable(two));
}

TEST_CASE("an answer counts with our transaction id and the tracker's address only") {
  scene s;
  s.addresses = {one, two};
  CHECK_FALSE(s.exchange().expects(buffer(16), one)); // nothing was sent yet
  s.send(0s);
  std::uint32_t const t = s.transaction();
  CHECK(s.expects(t));
  CHECK(s.expects(t, two)); // a connect may be answered by any of its addresses
  CHECK_FALSE(s.expects(t + 1));
  CHECK_FALSE(s.expects(t, *endpoint::parse("192.0.2.1:6970")));
  CHECK_FALSE(s.expects(t, *endpoint::parse("192.0.2.9:6969")));
  s.connected();
  CHECK_FALSE(s.expects(t)); // it is answered
  s.send(0s);
  CHECK(s.expects(s.transaction()));
  CHECK_FALSE(s.expects(s.transaction(), two)); // that one was not asked
}

TEST_CASE("an answer to another question is malformed") {
  scene s;
  s.send(0s);
  CHECK_THROWS_WITH(s.comes(udp_announced{s.transaction(), {}}),
                    "the tracker answers a question that was not asked");
  s.connected();
  s.send(0s);
  CHECK_THROWS_WITH(s.comes(udp_scraped{s.transaction(), {}}),
                    ContainsSubstring("not asked"));
  CHECK_THROWS_WITH(s.comes(udp_connected{s.transaction(), 1}),
                    ContainsSubstring("not asked"));
}

TEST_CASE("1000 connection ids are kept at most") {
  udp_connections ids;
  for (std::uint32_t i = 0; i < 1500; ++i)
    ids.keep({ip_address::v4(i), 80}, i, at(std::chrono::milliseconds(i)));
  CHECK(ids.size() == 1000);
  CHECK_FALSE(ids.find({ip_address::v4(499), 80}, at(2s))); // the oldest ones went
  CHECK(ids.find({ip_address::v4(500), 80}, at(2s)) == 500u);
  ids.keep({ip_address::v4(7), 80}, 7, at(10min));
  CHECK(ids.size() == 1);
}
