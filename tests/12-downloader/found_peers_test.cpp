// Swarms in which most addresses are of no use, or the only seeder is odd.
#include "session/peer_source.hpp"
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

constexpr std::uint32_t piece_length = 32 * 1024;

swarm make_swarm(std::uint64_t seed, std::size_t payload) {
  std::vector<file_content> files{{"", random_bytes(11, payload)}};
  metainfo::metainfo info = make_metainfo("payload.bin", files, piece_length);
  return swarm(seed, std::move(info), std::move(files));
}

// Addresses of which nothing is ever heard.
std::vector<endpoint> silent(std::uint32_t count) {
  std::vector<endpoint> all;
  for (std::uint32_t i = 0; i < count; ++i)
    all.push_back({ip_address::v4(0x0a090000 + i), 6881});
  return all;
}

// How long a download of one piece takes when only one of these addresses is of use.
duration time_to_complete(swarm& s, std::vector<endpoint> addresses) {
  auto& seeder = s.add_seeder();
  addresses.push_back(s.at(seeder));
  session::add_torrent_params params;
  params.peers = std::move(addresses);
  auto& leecher = s.add_leecher({}, std::move(params));
  time_point const start = s.sim.now();
  REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 10min));
  return s.sim.now() - start;
}

} // namespace

TEST_CASE("fifty silent addresses delay the honest peer by less than a second") {
  swarm s = make_swarm(1, 20'000);
  CHECK(time_to_complete(s, silent(50)) < 1s);
}

TEST_CASE("two hundred silent addresses delay it by seconds") {
  swarm s = make_swarm(2, 20'000);
  CHECK(time_to_complete(s, silent(200)) < 4s);
}

TEST_CASE("two thousand silent addresses delay it by half a minute") {
  swarm s = make_swarm(3, 20'000);
  CHECK(time_to_complete(s, silent(1999)) < 35s);
}

TEST_CASE("hundreds of addresses that refuse delay it by less than a second") {
  swarm s = make_swarm(4, 20'000);
  std::vector<endpoint> refusing;
  auto& closed = s.add_host({}); // nothing listens there
  for (std::uint16_t port = 1; port <= 500; ++port)
    refusing.push_back({closed.host.address(), port});
  CHECK(time_to_complete(s, refusing) < 1s);
}

TEST_CASE("the only seeder may take longer for a block than our patience") {
  swarm s = make_swarm(5, 10 * 16 * 1024);
  auto& seeder = s.add_seeder({.up = 16 * 1024 / 25}); // 25 s for each block
  session::add_torrent_params params;
  params.peers = {s.at(seeder)};
  auto& leecher = s.add_leecher({}, std::move(params));
  CHECK(s.sim.run_until([&] { return s.complete(leecher); }, 6min));
  CHECK(leecher.torrent.status().total_redundant_bytes == 0);
}

TEST_CASE("two equally slow seeders complete a download together") {
  swarm s = make_swarm(6, 10 * 16 * 1024);
  session::add_torrent_params params;
  for (int i = 0; i < 2; ++i)
    params.peers.push_back(s.at(s.add_seeder({.up = 16 * 1024 / 70})));
  auto& leecher = s.add_leecher({}, std::move(params));
  CHECK(s.sim.run_until([&] { return s.complete(leecher); }, 15min));
}

TEST_CASE("a private torrent takes no peers from sources that are not its own") {
  CHECK(session::may_be_private(session::peer_source::tracker));
  CHECK(session::may_be_private(session::peer_source::user));
  CHECK(session::may_be_private(session::peer_source::incoming));
  for (session::peer_source s :
       {session::peer_source::dht, session::peer_source::pex, session::peer_source::lsd})
    CHECK_FALSE(session::may_be_private(s));
}
