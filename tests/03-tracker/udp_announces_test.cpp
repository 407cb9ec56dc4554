// The announces of a torrent whose trackers speak UDP.
#include "io/simulation.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"
#include "support/udp_tracker.hpp"
#include "tracker/announcer_talk.hpp"

using namespace cotorra;
using namespace cotorra::test;
using namespace cotorra::tracker;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::uint16_t port = 6969;
std::string const url_of_one = "udp://one.example:6969/announce",
                  url_of_two = "udp://two.example:6969/announce";

ip_address address(std::string const& text) { return ip_address::parse(text).value(); }

// Two trackers, and a torrent that announces.
struct scene {
  io::simulation sim{1};
  io::host& here = sim.add_host(address("198.51.100.1"));
  io::host& host_one = sim.add_host(address("192.0.2.1"));
  io::host& host_two = sim.add_host(address("192.0.2.2"));
  udp_tracker one{host_one.doors(), {host_one.address(), port}};
  udp_tracker two{host_two.doors(), {host_two.address(), port}};
  random_source random{2};
  std::uint64_t left = 5;
  std::vector<ip_family> listening;
  std::vector<std::string> errors;
  std::size_t peers = 0;
  std::unique_ptr<announcer> talk;
  time_point start = sim.now();

  scene() {
    sim.add_name("one.example", host_one.address());
    sim.add_name("two.example", host_two.address());
    one.answer.interval = two.answer.interval = 900s;
    one.answer.peers = {{*endpoint::parse("192.0.2.77:6881")}};
    sim.spawn(one.run());
    sim.spawn(two.run());
  }
  ~scene() { sim.end(); }

  void announce_to(std::vector<std::vector<std::string>> urls) {
    announcer_callbacks calls;
    calls.figures = [this] {
      announce_request r;
      r.port = 6881;
      r.left = left;
      return r;
    };
    calls.listening = [this] { return listening; };
    calls.on_answer = [this](auto const&, announce_answer const& a) {
      peers += a.peers.size();
    };
    calls.on_error = [this](auto const&, std::string const& e) { errors.push_back(e); };
    talk = std::make_unique<announcer>(sim.executor(), here.doors().network, sim.clock(),
                                       random, std::move(urls), std::move(calls));
    sim.spawn(talk->run(), "announcer");
  }
  static std::string events(udp_tracker const& of) {
    std::string out;
    for (announce_request const& r : of.announces())
      out += (out.empty() ? "" : " ") +
             std::string(r.event == announce_event::none ? "none" : name(r.event));
    return out;
  }
  tracker_status status() const { return talk->status().at(0); }
};

std::vector<buffer> nothing(udp_tracker::question const&) { return {}; }

} // namespace

TEST_CASE("a torrent announces itself to a UDP tracker from its start to its end") {
  story s;
  scene t;
  s.given("a UDP tracker that asks for an announce every 900 seconds");
  t.announce_to({{url_of_one}});
  t.sim.run_for(1s);
  s.expect("one connect, and one announce with event=started",
           t.one.heard(t.start) == "connect 0, announce 0" &&
               scene::events(t.one) == "started",
           t.one.heard(t.start) + "; events: " + scene::events(t.one));
  s.expect("the tracker's peers are used", t.peers == 1,
           std::to_string(t.peers) + " peers");
  t.sim.run_for(900s);
  s.time("900 seconds pass");
  s.expect("a connect, since the old connection id is good for a minute only, and an "
           "announce without an event",
           t.one.heard(t.start) == "connect 0, announce 0, connect 900, announce 900" &&
               scene::events(t.one) == "started none",
           t.one.heard(t.start) + "; events: " + scene::events(t.one));
  t.left = 0;
  t.talk->completed();
  t.sim.run_for(1s);
  s.expect("completed is told at once", scene::events(t.one) == "started none completed",
           "events: " + scene::events(t.one));
  t.sim.run(t.talk->say_stopped());
  s.expect("stopped is told at the end",
           scene::events(t.one) == "started none completed stopped",
           "events: " + scene::events(t.one));
}

TEST_CASE("a dead UDP tracker holds up the next one for 30 s") {
  scene t;
  t.one.says = nothing;
  t.announce_to({{url_of_one}, {url_of_two}});
  t.sim.run_for(29s);
  CHECK(t.two.asked.empty());
  t.sim.run_for(2s);
  CHECK(t.two.announces().size() == 1);
  CHECK(t.status().state == tracker_state::unreachable);
  CHECK(t.errors.size() == 1);
}

TEST_CASE("the rests of a dead UDP tracker grow to half an hour") {
  scene t;
  t.one.says = nothing;
  t.announce_to({{url_of_one}});
  t.sim.run_for(24h);
  CHECK(t.one.asked.size() > 80);
  CHECK(t.one.asked.size() < 130); // two packets, and never sooner than half an hour
}

TEST_CASE("an error over UDP is the tracker's refusal, and nothing is owed to it") {
  scene t;
  t.one.says = [&](udp_tracker::question const& q) {
    auto const* a = std::get_if<udp_announce>(&q.what);
    if (!a) return t.one.usual(q);
    return std::vector<buffer>{t.one.packet(udp_failed{a->transaction, "unregistered"})};
  };
  t.announce_to({{url_of_one}});
  t.sim.run_for(1s);
  CHECK(t.status().state == tracker_state::refused);
  CHECK(t.status().message == "unregistered");
  std::size_t const asked = t.one.asked.size();
  t.sim.run(t.talk->say_stopped());
  CHECK(t.one.asked.size() == asked);
}

TEST_CASE("what a UDP tracker says of the swarm is shown") {
  scene t;
  t.one.answer.complete = 3;
  t.one.answer.incomplete = 4;
  t.announce_to({{url_of_one}});
  t.sim.run_for(1s);
  CHECK(t.status().state == tracker_state::working);
  CHECK(t.status().complete == 3u);
  CHECK(t.status().incomplete == 4u);
  CHECK(t.status().next_announce > t.sim.now() + 890s);
}

TEST_CASE(
    "stopped needs no connect soon after an announce, and nobody waits long for it") {
  scene t;
  t.announce_to({{url_of_one}});
  t.sim.run_for(10s);
  t.one.says = nothing;
  auto const before = t.sim.now();
  t.sim.run(t.talk->say_stopped());
  CHECK(t.sim.now() - before <= farewell_deadline);
  CHECK(scene::events(t.one) == "started stopped");
  CHECK(t.one.asked.size() == 3);
}

TEST_CASE("stopped is told after an hour, too, within its second") {
  scene t;
  t.one.answer.interval = 2h;
  t.announce_to({{url_of_one}});
  t.sim.run_for(1h);
  auto const before = t.sim.now();
  t.sim.run(t.talk->say_stopped());
  CHECK(t.sim.now() - before <= farewell_deadline);
  CHECK(scene::events(t.one) == "started stopped");
  CHECK(t.one.announces().back().numwant == 0);
}

TEST_CASE("a tracker that has heard only a connect is owed no stopped") {
  scene t;
  t.one.says = nothing;
  t.announce_to({{url_of_one}});
  t.sim.run_for(5s);
  t.sim.run(t.talk->say_stopped());
  CHECK(t.one.asked.size() == 1);
}

TEST_CASE("over each family that peers can dial, a UDP tracker is told, with one key") {
  scene t;
  t.here.add_address(address("2001:db8::1"));
  t.host_one.add_address(address("2001:db8::2"));
  t.sim.add_name("one.example", address("2001:db8::2"));
  udp_tracker six(t.host_one.doors(), {address("2001:db8::2"), port});
  six.answer.interval = 900s;
  six.answer.peers = {{*endpoint::parse("[2001:db8::77]:6881")}};
  t.sim.spawn(six.run());
  t.listening = {ip_family::v4, ip_family::v6};
  t.announce_to({{url_of_one}});
  t.sim.run_for(1s);
  REQUIRE(t.one.announces().size() == 1);
  REQUIRE(six.announces().size() == 1);
  CHECK(t.one.announces()[0].key == six.announces()[0].key);
  CHECK(t.peers == 2);
  t.sim.run(t.talk->say_stopped());
  CHECK(scene::events(t.one) == "started stopped");
  CHECK(scene::events(six) == "started stopped");
  t.sim.end();
}

TEST_CASE("a hundred http and udp trackers are used, in any mixture") {
  CHECK(is_spoken("udp://a:1"));
  CHECK(is_spoken("http://a"));
  CHECK(is_spoken("https://a"));
  CHECK_FALSE(is_spoken("wss://a"));
  random_source random(1);
  std::vector<std::string> many;
  for (int i = 0; i < 80; ++i) {
    many.push_back("udp://t" + std::to_string(i) + ":1");
    many.push_back("http://t" + std::to_string(i));
  }
  tiers const t({many}, random);
  CHECK(t.all().size() == most_trackers);
  CHECK(t.left_out() == 60);
}
