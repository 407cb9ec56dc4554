// The conversation with a UDP tracker, in the simulated world.
#include "base/error.hpp"
#include "io/simulation.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "support/udp_tracker.hpp"
#include "tracker/announce_talk.hpp"

using namespace cotorra;
using namespace cotorra::test;
using namespace cotorra::tracker;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::uint16_t port = 6969;

ip_address address(std::string const& text) { return ip_address::parse(text).value(); }

struct scene {
  io::simulation sim{1};
  io::host& here = sim.add_host(address("198.51.100.1"));
  io::host& there = sim.add_host(address("192.0.2.1"));
  std::optional<udp_tracker> tracker;
  random_source random{2};
  std::shared_ptr<udp_client> client = std::make_shared<udp_client>(
      sim.executor(), here.doors().network, sim.clock(), random);
  announce_options how;
  announce_request request;

  scene() {
    request.port = 6881;
    request.event = announce_event::started;
    how.udp = client;
    here.add_address(address("2001:db8::1"));
    there.add_address(address("2001:db8::2"));
    sim.add_name("t.example", there.address());
    begin(tracker.emplace(there.doors(), endpoint{there.address(), port}));
    tracker->answer.peers = {{*endpoint::parse("192.0.2.77:6881")}};
  }
  ~scene() { sim.end(); }

  void begin(udp_tracker& t) { sim.spawn(t.run(), "tracker"); }
  io::task<announce_answer> announce_task(std::string url) {
    return announce(here.doors().network, sim.clock(), std::move(url), request, how);
  }
  announce_answer ask(std::string url = "udp://t.example:6969/announce") {
    return sim.run(announce_task(std::move(url)), 24h);
  }
  // The sentence of the failure.
  std::string trouble(errc expected, std::string url = "udp://t.example:6969/announce") {
    try {
      ask(std::move(url));
    } catch (protocol_error const& e) {
      CHECK(e.code() == expected);
      return e.what();
    }
    return "none";
  }
  std::string heard(std::optional<time_point> since = {}) {
    return tracker->heard(since);
  }
};

// Several announces at the same time.
io::task<> keep(io::task<announce_answer> talk, std::vector<std::size_t>& peers) {
  announce_answer const a = co_await std::move(talk);
  peers.push_back(a.peers.size());
}

} // namespace

TEST_CASE("an announce over UDP is a connect and an announce") {
  scene s;
  auto const start = s.sim.now();
  announce_answer const a = s.ask();
  REQUIRE(a.peers.size() == 1);
  CHECK(a.peers[0].address.text() == "192.0.2.77:6881");
  CHECK(s.heard(start) == "connect 0, announce 0");
  auto const question = std::get<udp_announce>(s.tracker->asked[1].what);
  CHECK(question.connection == s.tracker->last_id);
  CHECK(question.url_data == "/announce");
  CHECK(question.what.port == 6881);
  CHECK(question.what.event == announce_event::started);
}

TEST_CASE("a URL without a path says nothing of it") {
  scene s;
  s.ask("udp://192.0.2.1:6969");
  CHECK(s.tracker->asked.at(1).size == 98);
}

TEST_CASE("a second torrent needs no connect for a minute") {
  scene s;
  s.ask();
  s.request.info_hash.value[0] = std::byte{1};
  s.sim.run_for(59s);
  s.ask();
  CHECK(s.tracker->asked.size() == 3);
  s.sim.run_for(2s);
  s.ask();
  CHECK(udp_tracker::name(s.tracker->asked.at(3)) == "connect");
  CHECK(s.tracker->asked.size() == 5);
}

TEST_CASE("a hundred torrents that begin at the same time connect once") {
  scene s;
  std::vector<std::size_t> peers;
  for (int i = 0; i < 100; ++i)
    s.sim.spawn(keep(s.announce_task("udp://t.example:6969"), peers));
  s.sim.run_for(1s);
  CHECK(peers.size() == 100);
  CHECK(s.tracker->asked.size() == 101);
}

TEST_CASE("one torrent asks for the id, and when it leaves, another does") {
  scene s;
  s.tracker->says = [](auto const&) { return std::vector<buffer>{}; };
  std::vector<std::size_t> peers;
  io::task_group leaving(s.sim.executor());
  auto const joined = [](io::task_group& g) -> io::task<> { co_await g.join(); };
  leaving.spawn(keep(s.announce_task("udp://t.example:6969"), peers));
  s.sim.spawn(joined(leaving));
  s.sim.run_for(1s);
  s.sim.spawn(keep(s.announce_task("udp://t.example:6969"), peers));
  s.sim.run_for(1s);
  CHECK(s.tracker->asked.size() == 1);
  s.tracker->says = nullptr;
  leaving.cancel();
  s.sim.run_for(1s);
  CHECK(peers.size() == 1);
}

TEST_CASE("a silent tracker is asked twice in the 30 s of an announce") {
  scene s;
  s.tracker->says = [](auto const&) { return std::vector<buffer>{}; };
  auto const start = s.sim.now();
  CHECK(s.trouble(errc::cannot_connect) ==
        "udp://t.example:6969/announce: there is no answer over UDP from 192.0.2.1:6969 "
        "to 2 packets");
  CHECK(s.heard(start) == "connect 0, connect 15");
  CHECK(seconds(s.sim.now() - start) == Approx(30).margin(0.1));
}

TEST_CASE("with patience, a silent tracker is asked for two hours as BEP 15 says") {
  scene s;
  s.tracker->says = [](auto const&) { return std::vector<buffer>{}; };
  s.how.deadline = 24h;
  auto const start = s.sim.now();
  s.trouble(errc::cannot_connect);
  CHECK(s.heard(start) == "connect 0, connect 15, connect 45, connect 105, connect 225, "
                          "connect 465, connect 945, connect 1905, connect 3825");
  CHECK(seconds(s.sim.now() - start) == Approx(7665).margin(1));
}

TEST_CASE("a lost packet is sent again") {
  scene s;
  int lost = 0;
  s.tracker->says = [&](udp_tracker::question const& q) {
    bool const loses = ++lost == 1 || lost == 3; // the first connect, the first announce
    return loses ? std::vector<buffer>{} : s.tracker->usual(q);
  };
  s.how.deadline = 60s;
  auto const start = s.sim.now();
  CHECK(s.ask().peers.size() == 1);
  CHECK(s.heard(start) == "connect 0, connect 15, announce 15, announce 30");
}

TEST_CASE("a tracker that connects and then is silent is named") {
  scene s;
  s.tracker->says = [&](udp_tracker::question const& q) {
    return q.size == 16 ? s.tracker->usual(q) : std::vector<buffer>{};
  };
  CHECK_THAT(s.trouble(errc::timed_out),
             ContainsSubstring("192.0.2.1:6969 has answered, but not our question"));
}

TEST_CASE("an error is a refusal in the tracker's words") {
  scene s;
  s.tracker->says = [&](udp_tracker::question const& q) {
    auto const* a = std::get_if<udp_announce>(&q.what);
    if (!a) return s.tracker->usual(q);
    return std::vector<buffer>{s.tracker->packet(udp_failed{a->transaction, "no\nway"})};
  };
  CHECK(s.trouble(errc::tracker_failure) == "no way");
  CHECK_THROWS_AS(s.ask(), tracker_refusal);
}

TEST_CASE("a tracker that was started anew does not know the old connection id") {
  scene s;
  s.ask();
  std::uint64_t const known = s.tracker->last_id + 1;
  bool const says_so = GENERATE(true, false);
  s.tracker->says = [&, says_so](udp_tracker::question const& q) {
    auto const* a = std::get_if<udp_announce>(&q.what);
    if (!a || a->connection == known) return s.tracker->usual(q);
    if (!says_so) return std::vector<buffer>{};
    return std::vector<buffer>{s.tracker->packet(udp_failed{a->transaction, "who?"})};
  };
  CHECK(s.ask().peers.size() == 1);
  CHECK(s.tracker->asked.size() == 5); // announce, connect, announce after the first two
}

TEST_CASE("a truncated answer is named") {
  scene s;
  s.tracker->says = [&](udp_tracker::question const& q) {
    auto all = s.tracker->usual(q);
    if (q.size > 16) all[0].resize(19);
    return all;
  };
  CHECK_THAT(s.trouble(errc::malformed_answer), ContainsSubstring("cut short: 19 bytes"));
}

TEST_CASE("over IPv6 the tracker's peers have IPv6 addresses") {
  scene s;
  udp_tracker six(s.there.doors(), {address("2001:db8::2"), port});
  s.begin(six);
  six.answer.peers = {{*endpoint::parse("[2001:db8::77]:6881")}};
  auto const a = s.ask("udp://[2001:db8::2]:6969/announce");
  REQUIRE(a.peers.size() == 1);
  CHECK(a.peers[0].address.text() == "[2001:db8::77]:6881");
  CHECK(six.asked.at(0).from.address == address("2001:db8::1"));
  s.sim.end();
}

TEST_CASE("a name with both families is asked over the one that was named") {
  scene s;
  s.sim.add_name("t.example", address("2001:db8::2"));
  udp_tracker six(s.there.doors(), {address("2001:db8::2"), port});
  s.begin(six);
  s.how.family = ip_family::v6;
  s.ask();
  CHECK(six.asked.size() == 2);
  CHECK(s.tracker->asked.empty());
  s.how.family = ip_family::v4;
  s.ask();
  CHECK(six.asked.size() == 2);
  CHECK(s.tracker->asked.size() == 2);
  CHECK_THAT(s.trouble(errc::no_address, "udp://[2001:db8::2]:6969"),
             ContainsSubstring("no address of IPv4"));
  s.sim.end();
}

TEST_CASE("when nothing can be sent over one family, the other is used at once") {
  scene s;
  io::host& four = s.sim.add_host(address("198.51.100.2")); // has no IPv6
  s.sim.add_name("both.example", address("2001:db8::2"));
  s.sim.add_name("both.example", address("192.0.2.1"));
  s.how.udp = std::make_shared<udp_client>(s.sim.executor(), four.doors().network,
                                           s.sim.clock(), s.random);
  auto const start = s.sim.now();
  auto asking = announce(four.doors().network, s.sim.clock(), "udp://both.example:6969",
                         s.request, s.how);
  CHECK(s.sim.run(std::move(asking)).peers.size() == 1);
  CHECK(s.sim.now() - start < 1s);
}

TEST_CASE("a name that leads nowhere is told") {
  scene s;
  CHECK_THAT(s.trouble(errc::cannot_connect, "udp://none.example:80"),
             ContainsSubstring("the name none.example leads to no address"));
}

TEST_CASE("where nothing can be sent, the reason is told") {
  scene s;
  io::host& six = s.sim.add_host(address("2001:db8::9")); // has no IPv4
  s.how.udp = std::make_shared<udp_client>(s.sim.executor(), six.doors().network,
                                           s.sim.clock(), s.random);
  CHECK_THAT(s.trouble(errc::cannot_connect),
             ContainsSubstring("nothing can be sent to 192.0.2.1:6969"));
}

TEST_CASE("a stranger's tracker in our own network hears of /announce only") {
  scene s;
  io::host& near = s.sim.add_host(address("10.0.0.5"));
  udp_tracker device(near.doors(), {near.address(), port});
  s.begin(device);
  s.how.from_stranger = true;
  std::string const at = "udp://10.0.0.5:6969";
  for (std::string const path : {"/announce?x=1", "/admin", "/announce/../x", "/%61"}) {
    INFO(path);
    CHECK_THAT(s.trouble(errc::unsafe_redirect, at + path),
               ContainsSubstring("where a stranger must not send us"));
  }
  CHECK(device.asked.empty());
  for (std::string const path : {"", "/", "/announce"}) CHECK_NOTHROW(s.ask(at + path));
  s.how.from_stranger = false;
  CHECK_NOTHROW(s.ask(at + "/announce?x=1"));
  CHECK(device.asked.size() == 5);
  s.sim.end();
}

TEST_CASE("no tracker is a whole group of hosts") {
  scene s;
  for (std::string const url :
       {"udp://224.0.0.1:80", "udp://255.255.255.255:80", "udp://[ff02::1]:80"})
    CHECK(s.trouble(errc::unsafe_redirect, url) != "none");
}

TEST_CASE("the caller is told when the question itself leaves") {
  scene s;
  std::vector<std::string> told;
  s.how.on_sent = [&] { told.push_back(s.heard()); };
  s.ask();
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], ContainsSubstring("connect"));
}

TEST_CASE("without a client, a UDP tracker is not asked") {
  scene s;
  s.how.udp = nullptr;
  CHECK(s.trouble(errc::unsupported) != "none");
}
