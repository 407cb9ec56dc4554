// The memory of a tracker.
#include "support/catch.hpp"
#include "tracker_server/swarms.hpp"
#include <map>
#include <set>

using namespace cotorra;
using namespace cotorra::tracker_server;
using tracker::announce_event;
using tracker::announce_request;

namespace {

info_hash const torrent = info_hash::from(as_bytes("aaaaaaaaaaaaaaaaaaaa"));
info_hash const another = info_hash::from(as_bytes("bbbbbbbbbbbbbbbbbbbb"));

struct tracked {
  random_source random{1};
  swarms all;
  time_point now{1h};
  explicit tracked(swarm_limits limits = {}) : all(limits, random) {}

  tracker::announce_answer say(std::string const& from, std::uint64_t left,
                               announce_event event = announce_event::none,
                               std::uint32_t numwant = 50,
                               info_hash const& of = torrent) {
    endpoint const e = endpoint::parse(from).value();
    announce_request r;
    r.info_hash = of;
    r.port = e.port;
    r.left = left;
    r.event = event;
    r.numwant = numwant;
    return all.announce(r, e.address, now);
  }
};

std::set<std::string> addresses(tracker::announce_answer const& a) {
  std::set<std::string> out;
  for (auto const& p : a.peers) out.insert(p.address.text());
  CHECK(out.size() == a.peers.size()); // nobody twice
  return out;
}
using names = std::set<std::string>;

} // namespace

TEST_CASE("peers learn of each other and never of themselves") {
  tracked t;
  CHECK(addresses(t.say("192.0.2.1:1", 9)).empty());
  CHECK(addresses(t.say("192.0.2.2:1", 9)) == names{"192.0.2.1:1"});
  CHECK(addresses(t.say("192.0.2.1:1", 9)) == names{"192.0.2.2:1"});
}

TEST_CASE("two peers behind one address are two by their ports") {
  tracked t;
  t.say("192.0.2.1:1", 9);
  CHECK(addresses(t.say("192.0.2.1:2", 9)) == names{"192.0.2.1:1"});
  CHECK(t.all.peers() == 2);
}

TEST_CASE("seeders and leechers are counted and a seeder is not given seeders") {
  tracked t;
  t.say("192.0.2.1:1", 0);
  t.say("192.0.2.2:1", 9);
  auto const a = t.say("192.0.2.3:1", 0);
  CHECK(a.complete == 2u);
  CHECK(a.incomplete == 1u);
  CHECK(addresses(a) == names{"192.0.2.2:1"});
  CHECK(addresses(t.say("192.0.2.2:1", 9)) == names{"192.0.2.1:1", "192.0.2.3:1"});
}

TEST_CASE("a leecher that completes becomes a seeder and is counted once") {
  tracked t;
  t.say("192.0.2.1:1", 9, announce_event::started);
  t.say("192.0.2.1:1", 0, announce_event::completed);
  auto const a = t.say("192.0.2.1:1", 0, announce_event::completed);
  CHECK(a.complete == 1u);
  CHECK(a.incomplete == 0u);
  CHECK(a.downloaded == 1u);
}

TEST_CASE("a seeder from the start is no download") {
  tracked t;
  CHECK(t.say("192.0.2.1:1", 0, announce_event::started).downloaded == 0u);
}

TEST_CASE("a peer that stops is forgotten and gets no peers") {
  tracked t;
  t.say("192.0.2.1:1", 9);
  t.say("192.0.2.2:1", 9);
  CHECK(t.say("192.0.2.1:1", 9, announce_event::stopped).peers.empty());
  CHECK(addresses(t.say("192.0.2.2:1", 9)).empty());
  CHECK(t.all.peers() == 1);
}

TEST_CASE("numwant is honoured up to the limit of the tracker") {
  swarm_limits limits;
  limits.most_wanted = 20;
  tracked t(limits);
  for (int i = 1; i <= 30; ++i) t.say("192.0.2.1:" + std::to_string(i), 9);
  CHECK(t.say("192.0.2.1:1", 9, announce_event::none, 0).peers.empty());
  CHECK(addresses(t.say("192.0.2.1:1", 9, announce_event::none, 7)).size() == 7);
  CHECK(addresses(t.say("192.0.2.1:1", 9, announce_event::none, 999)).size() == 20);
}

TEST_CASE("a leecher gets seeders and leechers and as many as there are") {
  tracked t;
  for (int i = 1; i <= 30; ++i) t.say("192.0.2.1:" + std::to_string(i), i <= 3 ? 0u : 9u);
  auto const some = t.say("192.0.2.9:1", 9, announce_event::none, 10);
  CHECK(addresses(some).size() == 10);
  CHECK(addresses(some).count("192.0.2.1:1") == 1); // few seeders: all of them
  CHECK(addresses(t.say("192.0.2.9:1", 9, announce_event::none, 50)).size() == 30);
}

TEST_CASE("each peer has the same chance to be named") {
  for (std::string const asker : {"192.0.2.1:1", "192.0.2.1:5", "192.0.2.9:1"}) {
    INFO(asker);
    tracked t;
    for (int i = 1; i <= 10; ++i) t.say("192.0.2.1:" + std::to_string(i), 9);
    t.say(asker, 9);
    std::size_t const others = t.all.peers() - 1;
    std::map<std::string, std::size_t> named;
    for (std::size_t i = 0; i < 500 * others; ++i)
      for (auto const& a : addresses(t.say(asker, 9, announce_event::none, 3)))
        ++named[a];
    CHECK(named.size() == others);
    for (auto const& [who, times] : named) {
      INFO(who);
      CHECK(times > 1350); // 1500 expected
      CHECK(times < 1650);
    }
  }
}

TEST_CASE("each seeder has the same chance to be named to a leecher") {
  tracked t;
  for (int i = 1; i <= 10; ++i) t.say("192.0.2.1:" + std::to_string(i), 0);
  std::map<std::string, int> named;
  for (int i = 0; i < 5000; ++i)
    for (auto const& a : addresses(t.say("192.0.2.9:1", 9, announce_event::none, 3)))
      ++named[a];
  CHECK(named.size() == 10);
  for (auto const& [who, times] : named) {
    INFO(who);
    CHECK(times > 1350); // 1500 expected
    CHECK(times < 1650);
  }
}

TEST_CASE("peers of the own family come first and the others fill up") {
  tracked t;
  for (int i = 1; i <= 5; ++i) {
    t.say("192.0.2.1:" + std::to_string(i), 9);
    t.say("[2001:db8::1]:" + std::to_string(i), 9);
  }
  for (auto const& p : t.say("192.0.2.9:1", 9, announce_event::none, 5).peers)
    CHECK_FALSE(p.address.address.is_v6);
  for (auto const& p : t.say("[2001:db8::9]:1", 9, announce_event::none, 5).peers)
    CHECK(p.address.address.is_v6);
  CHECK(t.say("192.0.2.9:1", 9).peers.size() == 11);
}

TEST_CASE("a peer that is silent for two intervals is forgotten") {
  tracked t;
  t.say("192.0.2.1:1", 9);
  t.now += 30min;
  t.say("192.0.2.2:1", 9);
  t.now += 29min;
  t.all.expire(t.now);
  CHECK(t.all.peers() == 2);
  t.now += 1min;
  t.all.expire(t.now);
  CHECK(t.all.peers() == 1);
  CHECK(addresses(t.say("192.0.2.3:1", 9)) == names{"192.0.2.2:1"});
}

TEST_CASE("many silent peers are forgotten at once and the rest stays whole") {
  tracked t;
  for (int i = 1; i <= 50; ++i) t.say("192.0.2.1:" + std::to_string(i), i % 2 ? 0u : 9u);
  t.now += 40min;
  for (int i = 1; i <= 50; i += 3) t.say("192.0.2.1:" + std::to_string(i), 9);
  t.now += 20min;
  t.all.expire(t.now);
  CHECK(t.all.peers() == 17);
  CHECK(addresses(t.say("192.0.2.9:1", 9)).size() == 17);
}

TEST_CASE("an empty swarm is freed when nobody asks for two intervals") {
  tracked t;
  t.say("192.0.2.1:1", 0, announce_event::completed);
  t.say("192.0.2.1:1", 0, announce_event::stopped);
  t.all.expire(t.now);
  REQUIRE(t.all.stats(torrent));
  CHECK(t.all.stats(torrent)->completed == 1);
  t.now += 1h;
  t.all.expire(t.now);
  CHECK(t.all.size() == 0);
}

TEST_CASE("a torrent too many is refused in words and the others live on") {
  swarm_limits limits;
  limits.swarms = 1;
  tracked t(limits);
  CHECK_FALSE(t.say("192.0.2.1:1", 9).failure_reason);
  auto const no = t.say("192.0.2.1:1", 9, announce_event::none, 50, another);
  CHECK(no.failure_reason == "this tracker has no room for another torrent");
  CHECK_FALSE(t.say("192.0.2.1:1", 9).failure_reason);
}

TEST_CASE("a peer too many is answered and not remembered") {
  swarm_limits limits;
  limits.peers_per_swarm = 2;
  tracked t(limits);
  t.say("192.0.2.1:1", 9);
  t.say("192.0.2.1:2", 9);
  CHECK(t.say("192.0.2.1:3", 9).peers.size() == 2);
  CHECK(t.all.peers() == 2);
  CHECK(t.say("192.0.2.1:1", 0).complete == 1u);
}

TEST_CASE("the ip parameter counts only from the own network") {
  tracked t;
  announce_request r;
  r.info_hash = torrent;
  r.port = 1;
  r.left = 9;
  r.ip = ip_address::parse("198.51.100.7");
  t.all.announce(r, *ip_address::parse("192.0.2.1"), t.now);
  CHECK(addresses(t.say("192.0.2.9:9", 9)) == names{"192.0.2.1:1"});
  t.all.announce(r, *ip_address::parse("127.0.0.1"), t.now);
  CHECK(addresses(t.say("192.0.2.9:9", 9)) == names{"192.0.2.1:1", "198.51.100.7:1"});
}

TEST_CASE("the ip parameter can be ignored always") {
  swarm_limits limits;
  limits.local_may_name_ip = false;
  tracked t(limits);
  announce_request r;
  r.info_hash = torrent;
  r.port = 1;
  r.ip = ip_address::parse("198.51.100.7");
  t.all.announce(r, *ip_address::parse("127.0.0.1"), t.now);
  CHECK(addresses(t.say("192.0.2.9:9", 9)) == names{"127.0.0.1:1"});
}

TEST_CASE("torrents do not mix and the statistics name each") {
  tracked t;
  t.say("192.0.2.1:1", 0);
  t.say("192.0.2.2:1", 9, announce_event::none, 50, another);
  auto const stats = t.all.stats();
  REQUIRE(stats.size() == 2);
  CHECK(stats[0].info_hash == torrent);
  CHECK(stats[0].seeders == 1);
  CHECK(stats[1].leechers == 1);
  CHECK(addresses(t.say("192.0.2.3:1", 9)) == names{"192.0.2.1:1"});
}
