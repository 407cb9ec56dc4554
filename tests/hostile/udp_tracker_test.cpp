// UDP trackers that lie, and strangers that answer in a tracker's place.
#include "base/error.hpp"
#include "io/simulation.hpp"
#include "support/catch.hpp"
#include "support/udp_tracker.hpp"
#include "tracker/announce_talk.hpp"

using namespace cotorra;
using namespace cotorra::test;
using namespace cotorra::tracker;
using Catch::Matchers::ContainsSubstring;

namespace {

using packets = std::vector<buffer>;
using question = udp_tracker::question;

std::uint32_t transaction_of(question const& q) {
  return std::visit([](auto const& one) { return one.transaction; }, q.what);
}

struct scene {
  io::simulation sim{1};
  io::host& here = sim.add_host(ip_address::v4(0xC6336401));
  io::host& there = sim.add_host(ip_address::v4(0xC0000201));    // 192.0.2.1
  io::host& stranger = sim.add_host(ip_address::v4(0xC0000209)); // 192.0.2.9
  udp_tracker tracker{there.doors(), {there.address(), 6969}};
  std::unique_ptr<io::datagram_socket> forger =
      stranger.doors().network.open_datagram_socket({stranger.address(), 6969});
  random_source random{2};
  std::shared_ptr<udp_client> client = std::make_shared<udp_client>(
      sim.executor(), here.doors().network, sim.clock(), random);

  scene() {
    tracker.answer.peers = {{*endpoint::parse("192.0.2.77:6881")}};
    sim.spawn(tracker.run());
  }
  ~scene() { sim.end(); }

  io::datagram_desk::counters const& count() const {
    return client->desk(ip_family::v4).count();
  }
  announce_answer ask() {
    announce_request r;
    r.port = 6881;
    announce_options how;
    how.udp = client;
    return sim.run(announce(here.doors().network, sim.clock(), "udp://192.0.2.1:6969",
                            std::move(r), std::move(how)));
  }
  errc trouble() {
    try {
      ask();
    } catch (protocol_error const& e) {
      return e.code();
    }
    return errc::shut_down;
  }
  // A packet to the socket that the question came from, not from the tracker.
  void forge(question const& q, buffer packet) {
    sim.spawn(send(*forger, q.from, std::move(packet)));
  }
  static io::task<> send(io::datagram_socket& from, endpoint to, buffer packet) {
    co_await from.send_to(to, packet);
  }
};

buffer forged_peers(std::uint32_t transaction) {
  udp_announced a{transaction, {}};
  a.what.peers = {{*endpoint::parse("192.0.2.66:666")}};
  return encode(udp_answer(a), ip_family::v4);
}

} // namespace

TEST_CASE("answers with another transaction id are dropped and counted") {
  scene s;
  s.tracker.says = [&](question const& q) {
    packets all;
    for (std::uint32_t wrong : {1u, 0x80000000u})
      all.push_back(forged_peers(transaction_of(q) ^ wrong));
    for (buffer& good : s.tracker.usual(q)) all.push_back(std::move(good));
    return all;
  };
  announce_answer const a = s.ask();
  REQUIRE(a.peers.size() == 1);
  CHECK(a.peers[0].address.text() == "192.0.2.77:6881");
  CHECK(s.count().unclaimed == 4);
}

TEST_CASE("an answer from elsewhere is dropped, though it has the transaction id") {
  scene s;
  s.tracker.says = [&](question const& q) {
    std::uint32_t const t = transaction_of(q);
    s.forge(q, encode(udp_answer(udp_connected{t, 666}), ip_family::v4));
    s.forge(q, encode(udp_answer(udp_failed{t, "go away"}), ip_family::v4));
    s.forge(q, forged_peers(t));
    return packets{};
  };
  CHECK(s.trouble() == errc::cannot_connect);
  CHECK(s.count().unclaimed == 6);
  CHECK(s.client->ids().size() == 0);
  CHECK(s.client->desk(ip_family::v4).seats() == 0);
}

TEST_CASE("an answer from another port of the tracker's host is dropped") {
  scene s;
  auto const other =
      s.there.doors().network.open_datagram_socket({s.there.address(), 6970});
  s.tracker.says = [&](question const& q) {
    s.sim.spawn(scene::send(
        *other, q.from,
        encode(udp_answer(udp_connected{transaction_of(q), 1}), ip_family::v4)));
    return packets{};
  };
  CHECK(s.trouble() == errc::cannot_connect);
  CHECK(s.count().unclaimed == 2);
  s.sim.end();
}

TEST_CASE("a tracker that answers a connect with peers gets no announce") {
  scene s;
  s.tracker.says = [&](question const& q) {
    return packets{forged_peers(transaction_of(q))};
  };
  CHECK(s.trouble() == errc::malformed_answer);
  CHECK(s.tracker.announces().empty());
}

TEST_CASE("no length of an answer is too short or too long to be survived") {
  buffer const whole = forged_peers(0);
  for (std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{8},
                           std::size_t{15}, std::size_t{19}, std::size_t{65000}}) {
    INFO(size);
    scene s;
    s.tracker.says = [&](question const& q) {
      if (q.size == 16) return s.tracker.usual(q);
      buffer packet = forged_peers(transaction_of(q));
      packet.resize(size, std::byte{0x55});
      return packets{packet};
    };
    if (size == 65000) {
      CHECK(s.ask().peers.size() < 11'000);
    } else {
      errc const e = s.trouble();
      CHECK((e == errc::malformed_answer || e == errc::timed_out));
    }
  }
}

TEST_CASE("a flood of packets neither fills the memory nor hides the answer") {
  scene s;
  s.tracker.says = [&](question const& q) {
    for (int i = 0; i < 3000; ++i) s.forge(q, buffer(1000, std::byte{0x55}));
    packets all(100, forged_peers(transaction_of(q) + 1));
    for (buffer& good : s.tracker.usual(q)) all.push_back(std::move(good));
    return all;
  };
  CHECK(s.ask().peers.size() == 1);
  CHECK(s.count().dropped == 0);
  CHECK(s.count().unclaimed >= 200);
}

TEST_CASE("a tracker that repeats its answer a thousand times is heard once") {
  scene s;
  s.tracker.says = [&](question const& q) {
    packets const one = s.tracker.usual(q);
    return packets(1000, one.at(0));
  };
  CHECK(s.ask().peers.size() == 1);
  CHECK(s.tracker.asked.size() == 2);
  CHECK(s.ask().peers.size() == 1);
  CHECK(s.tracker.asked.size() == 3);
}

TEST_CASE("a tracker that answers each question with an error is not asked for ever") {
  scene s;
  s.tracker.says = [&](question const& q) {
    if (q.size == 16) return s.tracker.usual(q);
    return packets{
        encode(udp_answer(udp_failed{transaction_of(q), "no"}), ip_family::v4)};
  };
  CHECK(s.trouble() == errc::tracker_failure);
  CHECK(s.trouble() == errc::tracker_failure);
  CHECK(s.tracker.asked.size() <= 6);
}

TEST_CASE("no answer makes us send more than we were asked to") {
  scene s;
  int round = 0;
  s.tracker.says = [&](question const& q) { // an id each time, and nothing else
    ++round;
    return packets{
        encode(udp_answer(udp_connected{transaction_of(q), 7}), ip_family::v4)};
  };
  CHECK(s.trouble() == errc::malformed_answer); // a connect's answer to an announce
  CHECK(s.tracker.asked.size() == 2);
}
