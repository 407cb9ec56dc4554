// Swarms whose peers find each other through peer exchange (BEP 11), and what strangers
// may make us dial.
#include "session/hearsay.hpp"
#include "session/magnet_uri.hpp"
#include "session/peer_list.hpp"
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;
using session::peer_source;

namespace {

// No tracker: who knows whom at the start is all there is.
swarm make_swarm(std::size_t payload = 1 << 20) {
  std::vector<file_content> files{{"", random_bytes(1, payload)}};
  metainfo::metainfo info = make_metainfo("payload.bin", files, 32 * 1024);
  return swarm(1, std::move(info), std::move(files));
}

session::add_torrent_params knows(endpoint peer) {
  session::add_torrent_params p;
  p.peers = {peer};
  return p;
}

endpoint at(std::string const& text) { return endpoint::parse(text).value(); }
ip_address from(std::string const& text) { return ip_address::parse(text).value(); }

} // namespace

TEST_CASE("peers that know one leecher find the others, and the seeder") {
  swarm s = make_swarm();
  auto& seeder = s.add_seeder({.up = 100'000});
  auto& hub = s.add_leecher({}, knows(s.at(seeder)));
  auto& one = s.add_leecher({}, knows(s.at(hub)));
  auto& other = s.add_leecher({}, knows(s.at(hub)));
  auto const meets = [&](swarm::node const& n, swarm::node const& whom) {
    auto const peers = n.torrent.get_peer_info();
    return std::ranges::any_of(
        peers, [&](auto const& p) { return p.ip.address == whom.host.address(); });
  };
  REQUIRE(s.sim.run_until([&] { return meets(one, other) && meets(one, seeder); }, 2min));
  REQUIRE(s.sim.run_until([&] { return s.all_complete(); }, 5min));
  CHECK(s.has_right_bytes(other));
}

TEST_CASE("a magnet link whose only peer has nothing finds the others through it") {
  swarm s = make_swarm();
  auto& seeder = s.add_seeder({.up = 20'000});
  auto const link = [&](swarm::node const& n) {
    return session::parse_magnet_uri("magnet:?xt=urn:btih:" + s.info().hash.hex() +
                                     "&x.pe=" + s.at(n).text());
  };
  auto& hub = s.add_leecher({}, knows(s.at(seeder)));
  REQUIRE(s.sim.run_until([&] { return hub.torrent.status().num_peers == 1; }, 10s));
  auto& last = s.add_leecher({}, link(hub));
  REQUIRE(s.sim.run_until([&] { return s.complete(last); }, 5min));
  CHECK(s.has_right_bytes(last));
}

TEST_CASE("a private torrent learns of no peer this way") {
  std::vector<file_content> files{{"", random_bytes(1, 300'000)}};
  metainfo::metainfo info = make_metainfo("payload.bin", files, 32 * 1024);
  info.is_private = true;
  swarm s(1, std::move(info), std::move(files));
  auto& seeder = s.add_seeder({.up = 1000});
  auto& hub = s.add_leecher({}, knows(s.at(seeder)));
  auto& last = s.add_leecher({}, knows(s.at(hub)));
  s.sim.run_for(2min);
  for (auto const& p : last.torrent.get_peer_info())
    CHECK(p.ip.address == hub.host.address());
  CHECK(hub.torrent.status().num_peers == 2);
}

TEST_CASE("a stranger cannot name our network, this machine, or a mail server") {
  using session::may_believe;
  CHECK(may_believe(from("203.0.113.1"), at("198.51.100.7:6881")));
  CHECK(may_believe(from("192.168.1.2"), at("198.51.100.7:6881")));
  CHECK(may_believe(from("192.168.1.2"), at("192.168.1.3:6881")));
  CHECK(may_believe(from("127.0.0.1"), at("127.0.0.1:6881")));
  CHECK(may_believe(from("127.0.0.1"), at("192.168.1.3:6881")));
  CHECK_FALSE(may_believe(from("203.0.113.1"), at("192.168.1.3:6881")));
  CHECK_FALSE(may_believe(from("203.0.113.1"), at("127.0.0.1:6881")));
  CHECK_FALSE(may_believe(from("192.168.1.2"), at("127.0.0.1:6881")));
  CHECK_FALSE(may_believe(from("203.0.113.1"), at("[::1]:6881")));
  CHECK_FALSE(may_believe(from("203.0.113.1"), at("198.51.100.7:25")));
  CHECK_FALSE(may_believe(from("203.0.113.1"), at("198.51.100.7:1023")));
  CHECK(may_believe(from("203.0.113.1"), at("198.51.100.7:1024")));
  CHECK_FALSE(may_believe(from("127.0.0.1"), at("0.0.0.0:6881")));
}

TEST_CASE("hearsay names few ports of one address") {
  random_source random(1);
  session::peer_list known(random);
  std::size_t taken = 0;
  for (std::uint16_t port = 2000; port < 3000; ++port)
    if (known.add({from("198.51.100.7"), port}, {}, peer_source::pex)) ++taken;
  CHECK(taken == 8);
  CHECK(known.add(at("198.51.100.7:6881"), {}, peer_source::tracker));
  for (std::uint16_t port = 2000; port < 2100; ++port) // a laboratory
    CHECK(known.add({from("127.0.0.1"), port}, {}, peer_source::pex));
}

TEST_CASE("hearsay drives out no address that a tracker gave") {
  random_source random(1);
  session::peer_list known(random);
  for (std::uint32_t i = 0; i < 500; ++i)
    known.add({ip_address::v4(0x0b000000 + i), 6881});
  for (std::uint32_t i = 0; i < 5000; ++i)
    known.add({ip_address::v4(0x0c000000 + i), 6881}, {}, peer_source::pex);
  std::size_t of_tracker = 0, all = 0;
  while (auto const next = known.next(time_point{})) {
    ++all;
    if (next->at.address < ip_address::v4(0x0c000000)) ++of_tracker;
  }
  CHECK(of_tracker == 500);
  CHECK(all == 2000);
}

TEST_CASE("a torrent that turns out to be private forgets what only strangers named") {
  random_source random(1);
  session::peer_list known(random);
  known.add(at("198.51.100.1:6881"), {}, peer_source::pex);
  known.add(at("198.51.100.2:6881"), {}, peer_source::pex);
  known.add(at("198.51.100.3:6881"), {}, peer_source::user);
  known.add(at("198.51.100.2:6881"), {}, peer_source::tracker); // now it is more
  CHECK(known.hopeful() == 3);
  known.drop_hearsay();
  CHECK(known.hopeful() == 2);
  CHECK(known.add(at("198.51.100.1:6881"))); // was not known any more
}
