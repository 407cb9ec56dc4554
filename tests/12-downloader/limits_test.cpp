// What a session may use, and that it uses no more: rates, connections, addresses.
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

constexpr std::uint32_t piece_length = 32 * 1024;
constexpr std::uint64_t limit = 100'000; // bytes per second

swarm make_swarm(std::size_t size = 3'000'000) {
  std::vector<file_content> files{{"", random_bytes(13, size)}};
  metainfo::metainfo info =
      make_metainfo("payload.bin", files, piece_length, swarm::tracker_url);
  return swarm(1, std::move(info), std::move(files));
}

// Payload bytes per second that come to these nodes, over 10 s after a start of 3 s.
double pace(swarm& s, std::vector<swarm::node*> const& nodes) {
  auto sum = [&] {
    std::uint64_t all = 0;
    for (auto* n : nodes) all += n->torrent.status().total_payload_download;
    return all;
  };
  s.sim.run_for(3s);
  std::uint64_t const before = sum();
  s.sim.run_for(10s);
  return static_cast<double>(sum() - before) / 10;
}

void check_pace(double measured) {
  INFO("measured " << measured << " bytes per second");
  CHECK(measured > limit * 0.95);
  CHECK(measured < limit * 1.05);
}

swarm::node& seeder_with(swarm& s, session::add_torrent_params params,
                         session::settings with) {
  auto& n = s.add_host({});
  s.put_files(n);
  return s.start(n, std::move(params), with);
}

} // namespace

TEST_CASE("the session's download limit is kept to 5 per cent") {
  auto s = make_swarm();
  s.add_seeder();
  s.add_seeder();
  session::settings limited;
  limited.download_rate_limit = limit;
  auto& leecher = s.start(s.add_host({}), {}, limited);
  check_pace(pace(s, {&leecher}));
}

TEST_CASE("the session's upload limit is kept to 5 per cent") {
  auto s = make_swarm();
  session::settings limited;
  limited.upload_rate_limit = limit;
  seeder_with(s, {}, limited);
  std::vector<swarm::node*> leechers;
  for (int i = 0; i < 3; ++i) {
    session::add_torrent_params params;
    params.share = bitfield((3'000'000 + piece_length - 1) / piece_length);
    leechers.push_back(&s.add_leecher({}, std::move(params)));
  }
  check_pace(pace(s, leechers));
}

TEST_CASE("a torrent's download limit is kept to 5 per cent") {
  auto s = make_swarm();
  s.add_seeder();
  session::add_torrent_params params;
  params.download_limit = limit;
  check_pace(pace(s, {&s.add_leecher({}, std::move(params))}));
}

TEST_CASE("a torrent's upload limit is kept towards peers that dialled us") {
  auto s = make_swarm();
  session::add_torrent_params params;
  params.upload_limit = limit;
  session::settings silent;
  silent.announce = false; // so that it dials no peer
  auto& seeder = seeder_with(s, std::move(params), silent);
  session::add_torrent_params dials;
  dials.peers = {s.at(seeder)};
  auto& leecher = s.add_leecher({}, std::move(dials));
  check_pace(pace(s, {&leecher}));
  for (session::peer_info const& p : seeder.torrent.get_peer_info())
    CHECK_FALSE(p.we_dialled);
}

TEST_CASE("a session keeps to its number of connections") {
  auto s = make_swarm(500'000);
  session::settings few;
  few.connections_limit = 3;
  auto& busy = seeder_with(s, {}, few);
  for (int i = 0; i < 10; ++i) s.add_leecher({.up = 100'000});
  std::size_t most = 0;
  for (int i = 0; i < 12'000 && !s.all_complete(); ++i) {
    s.sim.run_for(50ms);
    most = std::max(most, busy.torrent.get_peer_info().size());
  }
  CHECK(s.all_complete());
  CHECK(most == 3);
}

TEST_CASE("a torrent keeps to its number of connections") {
  auto s = make_swarm(500'000);
  for (int i = 0; i < 8; ++i) s.add_seeder({.up = 10'000});
  session::settings few;
  few.connections_limit_per_torrent = 4;
  auto& leecher = s.start(s.add_host({}), {}, few);
  std::size_t most = 0;
  for (int i = 0; i < 100 && !s.complete(leecher); ++i) {
    s.sim.run_for(1s);
    most = std::max(most, leecher.torrent.get_peer_info().size());
  }
  CHECK(s.complete(leecher));
  CHECK(most == 4);
}

TEST_CASE("a session listens on IPv4 and IPv6 at once") {
  auto s = make_swarm(300'000);
  auto const seeder_v6 = *ip_address::parse("2001:db8::1");
  auto& seeder = s.add_host({});
  seeder.host.add_address(seeder_v6);
  s.put_files(seeder);
  // by hand, since swarm::start listens on one address
  session::settings both;
  both.listen_interfaces = {{seeder.host.address(), 6881}, {seeder_v6, 6881}};
  std::vector<file_content> files{{"", random_bytes(13, 300'000)}};
  auto const info = std::make_shared<metainfo::metainfo const>(
      make_metainfo("payload.bin", files, piece_length, swarm::tracker_url));
  session::session seeding(seeder.host.doors(), both);
  session::add_torrent_params params;
  params.ti = info;
  params.save_path = seeder.folder.path();
  auto const seeded = seeding.add_torrent(params);
  s.sim.spawn(seeding.run(), "seeder");

  auto& on_v6 = s.add_host({});
  on_v6.host.add_address(*ip_address::parse("2001:db8::2"));
  session::add_torrent_params by_v6;
  by_v6.peers = {{seeder_v6, 6881}};
  session::settings silent;
  silent.announce = false;
  s.start(on_v6, std::move(by_v6), silent);
  s.add_leecher(); // finds the IPv4 address through the tracker
  CHECK(s.sim.run_until([&] { return s.all_complete(); }, 1min));
  bool v6 = false, v4 = false;
  for (session::peer_info const& p : seeded.get_peer_info())
    (p.ip.address.is_v6 ? v6 : v4) = true;
  for (session::peer_info const& p : seeded.past_peers())
    (p.ip.address.is_v6 ? v6 : v4) = true;
  CHECK(v6);
  CHECK(v4);
  seeding.stop();
  s.sim.run_for(5s);
}
