// Peer exchange (BEP 11): the message, the log of comings and goings, and the manners of
// one connection.
#include "extension/peer_extensions.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::extension;
using namespace std::string_literals;

namespace {

endpoint at(std::string const& text) { return endpoint::parse(text).value(); }
// The n-th peer of a crowd, all at addresses of their own.
endpoint crowd(std::uint32_t n) { return {ip_address::v4(0xc6336400 + n), 6881}; }

pex_message read(std::string const& text) { return decode_pex(as_bytes(text)); }

struct desk : peer_extensions::host {
  std::vector<pex_message> sent, named;
  peer_extensions ours;
  pex_log log;
  time_point now{};

  explicit desk(bool is_private = false)
      : ours(*this, {"cotorra", 0, 0, {}, {}, is_private}, true) {}
  void send(message::extended const& m) override {
    if (m.extension == 9) sent.push_back(decode_pex(m.payload));
  }
  void introduced(extended_handshake const&) override {}
  void peers_named(pex_message const& m) override { named.push_back(m); }

  void wants(int id) {
    std::string const h = "d1:md6:ut_pexi" + std::to_string(id) + "eee";
    ours.heard({handshake_id, as_bytes(h)}, now);
  }
  bool names(pex_message const& m) {
    buffer const payload = encode(m);
    return ours.heard({our_pex_id, payload}, now);
  }
  void tell() { ours.tell_peers(log, at("203.0.113.1:6881"), now); }
};

} // namespace

TEST_CASE("a message names peers of both families, with flags, and those that left") {
  pex_message m;
  m.added = {{at("192.0.2.1:6881"), pex_flag::seed},
             {at("[2001:db8::1]:7000"), pex_flag::reachable},
             {at("192.0.2.2:1"), 0}};
  m.dropped = {at("192.0.2.3:80"), at("[2001:db8::2]:9")};
  buffer const out = encode(m);
  CHECK(as_text(out).starts_with("d5:added12:\xc0\0\2\1\x1a\xe1\xc0\0\2\2\0\1"
                                 "7:added.f2:\2\0"
                                 "6:added618:\x20\1\x0d\xb8"s));
  pex_message const back = decode_pex(out);
  CHECK(back.added == std::vector<pex_peer>{m.added[0], m.added[2], m.added[1]});
  CHECK(back.dropped == m.dropped);
}

TEST_CASE("a message without IPv6 has the three lists that all clients know") {
  buffer const out = encode(pex_message{{{at("192.0.2.1:6881"), 0}}, {}});
  CHECK(as_text(out) == "d5:added6:\xc0\0\2\1\x1a\xe1"
                        "7:added.f1:\0"
                        "7:dropped0:e"s);
}

TEST_CASE("what others leave out or cut short is passed over") {
  CHECK(read("de").empty());
  CHECK(read("d5:addedi7ee").empty());
  CHECK(read("d5:added5:abcdee").empty());               // less than one address
  CHECK(read("d5:added9:abcdefghie").added.size() == 1); // one and a half
  CHECK(read("d5:added6:abcdefe").added[0].flags == 0);  // no flags
  CHECK(read("d7:dropped6:abcdef1:xle1:yi1ee").dropped.size() == 1);
  CHECK_THROWS_AS(read("le"), protocol_error);
  CHECK_THROWS_AS(read("rubbish"), protocol_error);
  CHECK_THROWS_AS(read("d5:added6:abc"), protocol_error);
}

TEST_CASE("of ten thousand addresses two hundred are read") {
  std::string const many(6 * 10'000, 'x'), more(18 * 10'000, 'y');
  auto const m = read("d5:added60000:" + many + "6:added6180000:" + more +
                      "7:dropped60000:" + many + "e");
  CHECK(m.added.size() == 200);
  CHECK(m.dropped.size() == 200);
}

TEST_CASE("a new peer hears of all that are here, later of changes") {
  pex_log log;
  log.joined(crowd(1), pex_flag::seed);
  log.joined(crowd(2), 0);
  pex_log::mark heard = 0;
  endpoint const listener = crowd(9);
  CHECK(log.since(heard, listener) ==
        pex_message{{{crowd(1), pex_flag::seed}, {crowd(2), 0}}, {}});
  CHECK(log.since(heard, listener).empty());
  log.joined(crowd(3), 0);
  log.left(crowd(1));
  CHECK(log.since(heard, listener) == pex_message{{{crowd(3), 0}}, {crowd(1)}});
  pex_log::mark newcomer = 0;
  CHECK(log.since(newcomer, listener) == pex_message{{{crowd(2), 0}, {crowd(3), 0}}, {}});
}

TEST_CASE(
    "a peer that came and went meanwhile is not named, one that came back is once") {
  pex_log log;
  log.joined(crowd(1), 0);
  pex_log::mark heard = 0;
  log.since(heard, crowd(9));
  log.joined(crowd(2), 0);
  log.left(crowd(2));
  CHECK(log.since(heard, crowd(9)).empty());
  log.left(crowd(1));
  log.joined(crowd(1), 0);
  CHECK(log.since(heard, crowd(9)) == pex_message{{{crowd(1), 0}}, {}});
}

TEST_CASE("saying again that a peer is here changes its flags only") {
  pex_log log;
  log.joined(crowd(1), 0);
  pex_log::mark heard = 0, later = 0;
  log.since(heard, crowd(9));
  log.joined(crowd(1), pex_flag::seed);
  CHECK(log.since(heard, crowd(9)).empty());
  CHECK(log.since(later, crowd(9)).added[0].flags == pex_flag::seed);
  log.left(crowd(7)); // never here
  CHECK(log.since(heard, crowd(9)).empty());
}

TEST_CASE("a peer is not told of itself, nor a stranger of our own network") {
  pex_log log;
  log.joined(crowd(1), 0);
  log.joined(at("192.168.1.7:6881"), 0);
  log.joined(at("127.0.0.1:6881"), 0);
  pex_log::mark a = 0, b = 0, c = 0;
  CHECK(log.since(a, crowd(1)).empty());
  CHECK(log.since(b, crowd(2)) == pex_message{{{crowd(1), 0}}, {}});
  CHECK(log.since(c, at("192.168.1.8:6881")).added.size() == 2);
}

TEST_CASE("fifty at a time, and the others next time, in order") {
  pex_log log;
  for (std::uint32_t i = 0; i < 120; ++i) log.joined(crowd(i), 0);
  pex_log::mark heard = 0;
  endpoint const listener = at("203.0.113.1:1");
  std::vector<pex_peer> all;
  for (std::size_t const n : {50u, 50u, 20u, 0u}) {
    auto const m = log.since(heard, listener);
    CHECK(m.added.size() == n);
    all.insert(all.end(), m.added.begin(), m.added.end());
  }
  for (std::uint32_t i = 0; i < 120; ++i) CHECK(all[i].at == crowd(i));
  for (std::uint32_t i = 0; i < 120; ++i) log.left(crowd(i));
  log.joined(crowd(500), 0);
  for (std::size_t const n : {50u, 50u, 20u}) {
    auto const m = log.since(heard, listener);
    CHECK(m.dropped.size() == n);
    CHECK(m.added.size() == (n == 20 ? 1 : 0));
  }
}

TEST_CASE("departures are remembered within bounds") {
  pex_log log;
  for (std::uint32_t i = 0; i < 1000; ++i) log.joined(crowd(i), 0);
  pex_log::mark heard = 0;
  while (!log.since(heard, at("203.0.113.1:1")).empty()) {
  }
  for (std::uint32_t i = 0; i < 1000; ++i) log.left(crowd(i));
  std::size_t told = 0;
  for (int i = 0; i < 40; ++i)
    told += log.since(heard, at("203.0.113.1:1")).dropped.size();
  CHECK(told == 500);
}

TEST_CASE("a peer that wants to know is told at once, and then once a minute") {
  desk d;
  d.log.joined(crowd(1), 0);
  d.tell();
  CHECK(d.sent.empty()); // it has not asked
  d.wants(9);
  d.tell();
  REQUIRE(d.sent.size() == 1);
  CHECK(d.sent[0].added.size() == 1);
  d.log.joined(crowd(2), 0);
  d.now += 59s;
  d.tell();
  CHECK(d.sent.size() == 1);
  d.now += 1s;
  d.tell();
  CHECK(d.sent.size() == 2);
  d.now += 60s;
  d.tell();
  CHECK(d.sent.size() == 2); // nothing is new
  d.log.joined(crowd(3), 0);
  d.wants(0);
  d.tell();
  CHECK(d.sent.size() == 2); // it wants no more
}

TEST_CASE("a peer that names others too often is not heard") {
  desk d;
  pex_message const m{{{crowd(1), 0}}, {}};
  CHECK(d.names(m));
  CHECK_FALSE(d.names(m));
  d.now += 44s;
  CHECK_FALSE(d.names(m));
  d.now += 1s; // a little early is no offence
  CHECK(d.names(m));
  d.now += 60s;
  CHECK_FALSE(d.names({})); // nothing in it
  CHECK(d.named.size() == 2);
}

TEST_CASE("a private torrent neither tells nor hears of peers") {
  desk d(true);
  d.log.joined(crowd(1), 0);
  d.wants(9);
  d.tell();
  CHECK(d.sent.empty());
  CHECK_FALSE(d.names({{{crowd(1), 0}}, {}}));
  CHECK(d.named.empty());
}
