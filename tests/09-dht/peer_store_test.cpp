// The peers that a node keeps for others: found by torrent and family, forgotten in time,
// and never more than it can bear.
#include "09-dht/print.hpp"
#include "dht/peer_store.hpp"
#include <algorithm>
#include <set>

using namespace cotorra;
using namespace cotorra::dht;

namespace {

time_point const start{100h};

node_id torrent(unsigned n) {
  node_id id;
  id.value[18] = static_cast<std::byte>(n >> 8);
  id.value[19] = static_cast<std::byte>(n);
  return id;
}
endpoint at(std::string_view text) { return endpoint::parse(text).value(); }
endpoint owner(std::uint32_t n) { return {ip_address::v4(0x0b000000 + n), 6881}; }

std::vector<endpoint> all(peer_store const& s, unsigned of, ip_family f, time_point now) {
  random_source random(1);
  auto found = s.choose(torrent(of), f, 100'000, random, now);
  std::sort(found.begin(), found.end());
  return found;
}
std::vector<endpoint> all(peer_store const& s, unsigned of, time_point now = start) {
  return all(s, of, ip_family::v4, now);
}

} // namespace

TEST_CASE("peers are found under their torrent, those of IPv4 and of IPv6 apart") {
  peer_store store;
  CHECK(store.announce(torrent(1), at("192.0.2.1:1"), start));
  CHECK(store.announce(torrent(1), at("192.0.2.2:2"), start));
  CHECK(store.announce(torrent(1), at("[2001:db8::1]:3"), start));
  CHECK(store.announce(torrent(2), at("192.0.2.1:1"), start));
  CHECK(all(store, 1) == std::vector{at("192.0.2.1:1"), at("192.0.2.2:2")});
  CHECK(all(store, 1, ip_family::v6, start) == std::vector{at("[2001:db8::1]:3")});
  CHECK(all(store, 2) == std::vector{at("192.0.2.1:1")});
  CHECK(all(store, 3).empty());
  CHECK(store.torrents() == 2);
  CHECK(store.peers() == 4);
}

TEST_CASE("a peer that announces itself again is kept once, and for longer") {
  peer_store store;
  store.announce(torrent(1), owner(1), start);
  store.announce(torrent(1), owner(2), start);
  CHECK(store.announce(torrent(1), owner(1), start + 20min));
  CHECK(store.peers() == 2);
  CHECK(all(store, 1, start + 30min - 1ns).size() == 2);
  CHECK(all(store, 1, start + 30min) == std::vector{owner(1)}); // forgotten or not
  store.expire(start + 30min);
  CHECK(store.peers() == 1);
  store.expire(start + 50min);
  CHECK(store.peers() == 0);
  CHECK(store.torrents() == 0);
}

TEST_CASE("peers are chosen at random, each at most once") {
  peer_store store;
  for (unsigned n = 0; n < 20; ++n) store.announce(torrent(1), owner(n), start);
  random_source random(2);
  std::map<endpoint, int> times;
  for (int i = 0; i < 1000; ++i) {
    auto const chosen = store.choose(torrent(1), ip_family::v4, 5, random, start);
    REQUIRE(std::set(chosen.begin(), chosen.end()).size() == 5);
    for (endpoint const& e : chosen) ++times[e];
  }
  REQUIRE(times.size() == 20);
  for (auto const& [peer, n] : times) { // 250 each, on average
    CHECK(n > 180);
    CHECK(n < 320);
  }
  CHECK(store.choose(torrent(1), ip_family::v4, 0, random, start).empty());
}

TEST_CASE("a torrent that is full forgets the peer that was silent longest") {
  peer_store store({.peers_of_torrent = 3});
  for (unsigned n = 1; n <= 3; ++n) store.announce(torrent(1), owner(n), start + n * 1s);
  store.announce(torrent(1), owner(1), start + 4s);
  CHECK(store.announce(torrent(1), owner(4), start + 5s));
  CHECK(all(store, 1) == std::vector{owner(1), owner(3), owner(4)});
  CHECK(store.announce(torrent(1), at("[2001:db8::1]:3"), start)); // another row
  CHECK(store.peers() == 4);
}

TEST_CASE("when there are too many peers, the largest torrent loses its oldest") {
  peer_store store({.peers = 5});
  for (unsigned n = 0; n < 4; ++n) store.announce(torrent(1), owner(n), start + n * 1s);
  store.announce(torrent(1), at("[2001:db8::1]:3"), start - 1s); // the oldest of all
  CHECK(store.announce(torrent(2), owner(9), start));
  CHECK(store.peers() == 5);
  CHECK(all(store, 1, ip_family::v6, start).empty());
  CHECK(store.announce(torrent(3), owner(9), start));
  CHECK(all(store, 1) == std::vector{owner(1), owner(2), owner(3)});
  CHECK(all(store, 2).size() == 1);
}

TEST_CASE("when there are too many torrents, the smallest is forgotten") {
  peer_store store({.torrents = 3});
  store.announce(torrent(1), owner(1), start);
  store.announce(torrent(1), owner(2), start);
  store.announce(torrent(2), owner(1), start);
  store.announce(torrent(3), owner(1), start);
  store.announce(torrent(3), owner(2), start);
  CHECK(store.announce(torrent(4), owner(3), start));
  CHECK(store.torrents() == 3);
  CHECK(all(store, 2).empty());
  CHECK(all(store, 1).size() == 2);
  CHECK(all(store, 4).size() == 1);
  CHECK(store.announce(torrent(4), owner(4), start)); // it has its place
  CHECK(store.torrents() == 3);
}

TEST_CASE("limits that leave room for one peer are kept, too") {
  peer_store store({.torrents = 1, .peers = 1, .peers_of_torrent = 1});
  for (unsigned n = 0; n < 10; ++n) {
    CHECK(store.announce(torrent(n % 3), owner(n), start));
    CHECK(store.peers() == 1);
    CHECK(store.torrents() == 1);
    CHECK(all(store, n % 3) == std::vector{owner(n)});
  }
}

TEST_CASE("one address does not fill a torrent, or the store") {
  peer_store store;
  endpoint peer = owner(1);
  unsigned taken = 0;
  for (std::uint16_t port = 1; port < 1000; ++port) {
    peer.port = port;
    taken += store.announce(torrent(1), peer, start);
  }
  CHECK(taken == store_limits{}.peers_of_owner_in_torrent);
  for (unsigned n = 2; n < 1000; ++n)
    for (peer.port = 1; peer.port < 3; ++peer.port)
      taken += store.announce(torrent(n), peer, start);
  CHECK(taken == store_limits{}.peers_of_owner);
  CHECK(store.torrents() < store_limits{}.peers_of_owner);
  peer.port = 1;
  CHECK(store.announce(torrent(1), peer, start + 1min)); // what it has it may keep
  CHECK(store.announce(torrent(1), owner(2), start));    // and others are not kept out

  store.expire(start + 31min);
  CHECK(store.announce(torrent(5), peer, start + 31min)); // there is room again
}

TEST_CASE("of IPv6 a whole network is one owner") {
  peer_store store;
  unsigned taken = 0;
  endpoint peer = at("[2001:db8:1:2::]:6881");
  for (unsigned n = 0; n < 1000; ++n) {
    peer.address.value[14] = static_cast<std::byte>(n >> 8);
    peer.address.value[15] = static_cast<std::byte>(n);
    taken += store.announce(torrent(1), peer, start);
  }
  CHECK(taken == store_limits{}.peers_of_owner_in_torrent);
  CHECK(store.announce(torrent(1), at("[2001:db8:1:3::1]:6881"), start));
}

TEST_CASE("a flood of announcements from everywhere leaves the store within its bounds") {
  store_limits const limits{.torrents = 20, .peers = 100, .peers_of_torrent = 30};
  peer_store store(limits);
  random_source random(3);
  for (unsigned n = 0; n < 20'000; ++n) {
    auto const from = static_cast<std::uint32_t>(random.below(5000));
    store.announce(torrent(static_cast<unsigned>(random.below(200))), owner(from),
                   start + n * 1s);
    if (n % 500 == 0) store.expire(start + n * 1s);
    REQUIRE(store.torrents() <= limits.torrents);
    REQUIRE(store.peers() <= limits.peers);
  }
  CHECK(store.peers() > 0);
  store.expire(start + 20'000s + 30min);
  CHECK(store.peers() == 0);
}
