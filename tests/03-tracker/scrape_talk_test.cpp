// One scrape, over HTTP and over UDP.
#include "base/error.hpp"
#include "io/simulation.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "support/udp_tracker.hpp"
#include "support/web.hpp"
#include "tracker/scrape_talk.hpp"

using namespace cotorra;
using namespace cotorra::test;
using namespace cotorra::tracker;
using Catch::Matchers::ContainsSubstring;

namespace {

using texts = std::vector<std::string>;

info_hash hash_of(unsigned n) {
  std::string const digits = std::to_string(n);
  return info_hash::from(as_bytes(std::string(20 - digits.size(), '0') + digits));
}
std::vector<info_hash> hashes(unsigned count) {
  std::vector<info_hash> all;
  for (unsigned i = 0; i < count; ++i) all.push_back(hash_of(i));
  return all;
}

std::string entry(unsigned n, unsigned complete) {
  return "20:" + std::string(as_text(hash_of(n).view())) + "d8:completei" +
         std::to_string(complete) + "ee";
}

struct web_tracker {
  bench desk;
  memory_network net{desk.executor()};
  scripted_server server;

  explicit web_tracker(texts says)
      : server(desk, net, "192.0.2.1:80", std::move(says), scripted_server::close) {}
  auto ask(unsigned count, std::string url = "http://192.0.2.1/announce",
           bool from_stranger = false) {
    scrape_options how;
    how.from_stranger = from_stranger;
    return desk.start(scrape(net, desk.clock, std::move(url), hashes(count), how));
  }
};

struct udp_scene {
  io::simulation sim{1};
  io::host& here = sim.add_host(ip_address::v4(0xC6336401));
  io::host& there = sim.add_host(ip_address::v4(0xC0000201)); // 192.0.2.1
  udp_tracker tracker{there.doors(), {there.address(), 6969}};
  random_source random{2};
  scrape_options how;

  udp_scene() {
    how.udp = std::make_shared<udp_client>(sim.executor(), here.doors().network,
                                           sim.clock(), random);
    sim.spawn(tracker.run());
  }
  ~udp_scene() { sim.end(); }
  scrape_answer ask(unsigned count) {
    return sim.run(scrape(here.doors().network, sim.clock(), "udp://192.0.2.1:6969",
                          hashes(count), how));
  }
};

} // namespace

TEST_CASE("a scrape over HTTP gives the torrents that were asked for, in that order") {
  web_tracker t({ok("d5:filesd" + entry(0, 7) + entry(2, 8) + entry(9, 9) + "ee")});
  scrape_answer const a = t.ask(3)->get();
  REQUIRE(a.files.size() == 2); // 1 is not known, 9 was not asked for
  CHECK(a.files[0].first == hash_of(0));
  CHECK(a.files[0].second.complete == 7u);
  CHECK(a.files[1].first == hash_of(2));
  REQUIRE(t.server.questions.size() == 1);
  CHECK_THAT(t.server.questions[0], ContainsSubstring("GET /scrape?info_hash=0000"));
}

TEST_CASE("74 torrents go into one request") {
  web_tracker t(
      {ok("d5:filesd" + entry(0, 1) + "ee"), ok("d5:filesd" + entry(74, 2) + "ee")});
  CHECK(t.ask(75)->get().files.size() == 2);
  REQUIRE(t.server.questions.size() == 2);
  auto const count = [&](std::size_t i) {
    std::size_t n = 0;
    for (std::size_t at = 0;
         (at = t.server.questions[i].find("info_hash=", at)) != std::string::npos; ++at)
      ++n;
    return n;
  };
  CHECK(count(0) == 74);
  CHECK(count(1) == 1);
}

TEST_CASE("a scrape that is refused gives the tracker's words, under any status") {
  web_tracker t({"HTTP/1.1 403 No\r\n\r\nd14:failure reason2:noe"});
  auto const f = failure_of(t.ask(1));
  CHECK(f.code == errc::tracker_failure);
  CHECK(f.what == "no");
}

TEST_CASE("a tracker without a scrape page is named") {
  web_tracker t({"HTTP/1.1 404 Not Found\r\n\r\n<html>", ok("de")});
  auto const f = failure_of(t.ask(1));
  CHECK(f.code == errc::http_status);
  CHECK_THAT(f.what, ContainsSubstring("HTTP status 404"));
  CHECK(failure_of(t.ask(1)).code == errc::malformed_answer);
}

TEST_CASE("a URL that does not end in announce, or is asked over nothing that we speak, "
          "is not scraped") {
  web_tracker t({});
  auto f = failure_of(t.ask(1, "http://192.0.2.1/x"));
  CHECK(f.code == errc::unsupported);
  CHECK_THAT(f.what, ContainsSubstring("http://192.0.2.1/x: this tracker cannot be"));
  CHECK(failure_of(t.ask(1, "udp://192.0.2.1:1")).code == errc::unsupported);
  CHECK(t.net.dialled().empty());
}

TEST_CASE("a stranger's tracker in our own network is scraped at /scrape only") {
  web_tracker t({});
  scripted_server near(t.desk, t.net, "10.0.0.5:80",
                       {ok("d5:filesdee"), ok("d5:filesdee")});
  CHECK(failure_of(t.ask(1, "http://10.0.0.5/announce?a=1", true)).code ==
        errc::unsafe_redirect);
  CHECK_NOTHROW(t.ask(1, "http://10.0.0.5/announce", true)->get());
  CHECK_NOTHROW(t.ask(1, "http://10.0.0.5/announce?a=1")->get());
}

TEST_CASE("a scrape over UDP gives three numbers for each torrent") {
  udp_scene s;
  scrape_answer const a = s.ask(3);
  REQUIRE(a.files.size() == 3);
  CHECK(a.files[2].first == hash_of(2));
  CHECK(a.files[2].second.complete == 1u);
  CHECK(a.files[2].second.incomplete == 2u);
  CHECK(a.files[2].second.downloaded == 3u);
  CHECK(s.tracker.heard() == "connect 0, scrape 0");
}

TEST_CASE("150 torrents are three packets over UDP, and one connect") {
  udp_scene s;
  CHECK(s.ask(150).files.size() == 150);
  CHECK(s.tracker.heard() == "connect 0, scrape 0, scrape 0, scrape 0");
  CHECK(s.tracker.asked[1].size == 16 + 74 * 20);
  CHECK(s.tracker.asked[3].size == 16 + 2 * 20);
}

TEST_CASE("an answer over UDP with fewer torrents gives those") {
  udp_scene s;
  s.tracker.says = [&](udp_tracker::question const& q) {
    auto all = s.tracker.usual(q);
    if (q.size > 16) all[0].resize(8 + 12 + 5);
    return all;
  };
  CHECK(s.ask(3).files.size() == 1);
}

TEST_CASE("a refused scrape over UDP gives the tracker's words") {
  udp_scene s;
  s.tracker.says = [&](udp_tracker::question const& q) {
    auto const* asked = std::get_if<udp_scrape>(&q.what);
    if (!asked) return s.tracker.usual(q);
    return std::vector<buffer>{s.tracker.packet(udp_failed{asked->transaction, "no"})};
  };
  CHECK_THROWS_AS(s.ask(1), tracker_refusal);
}
