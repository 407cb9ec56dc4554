// Which peer gets how much: peers that give get more, newcomers get a start.
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

constexpr std::uint32_t piece_length = 32 * 1024;
constexpr std::size_t payload = 4'000'000;

swarm make_swarm(std::uint64_t seed, std::size_t size = payload) {
  std::vector<file_content> files{{"", random_bytes(11, size)}};
  metainfo::metainfo info =
      make_metainfo("payload.bin", files, piece_length, swarm::tracker_url);
  return swarm(seed, std::move(info), std::move(files));
}

session::settings few_slots() {
  session::settings s;
  s.unchoke_slots = 3;
  return s;
}

// Downloads, and offers nothing.
session::add_torrent_params free_rider(std::size_t size) {
  session::add_torrent_params params;
  params.share = bitfield((size + piece_length - 1) / piece_length);
  return params;
}

std::uint64_t got(swarm::node const& n) {
  return n.torrent.status().total_payload_download;
}

constexpr io::link home{.up = 25'000, .down = 1'000'000, .latency = 20ms};

// A file that has about half of the pieces, different ones in each node.
void put_half(swarm::node& n, std::uint64_t which, std::size_t size) {
  buffer half = random_bytes(11, size);
  random_source lots(100 + which);
  for (std::size_t at = 0; at < size; at += piece_length)
    if (lots.below(2) == 0) half[at] ^= std::byte{1};
  write_file(n.folder.path() / "payload.bin", half);
}

// Eight peers that have half of it each and trade, and a free rider: how many bytes the
// free rider got for each byte that a giver got.
double share_of_a_free_rider(std::uint64_t seed, std::size_t size) {
  auto s = make_swarm(seed, size);
  std::vector<swarm::node*> givers;
  for (std::uint64_t i = 0; i < 8; ++i) {
    givers.push_back(&s.add_host(home));
    put_half(*givers.back(), i, size);
    s.start(*givers.back(), {}, few_slots());
  }
  auto& rider = s.start(s.add_host(home), free_rider(size), few_slots());
  std::uint64_t given = 0;
  auto most_is_traded = [&] {
    given = 0;
    for (auto* n : givers) given += got(*n);
    return given > 8 * size * 2 / 5; // each lacked a half
  };
  REQUIRE(s.sim.run_until(most_is_traded, 30min));
  CHECK(rider.torrent.status().total_payload_upload == 0);
  return static_cast<double>(got(rider)) * 8 / static_cast<double>(given);
}

// The mean of several swarms: luck plays a part in each, one slot in three is drawn by
// lot.
double mean_share(std::size_t size, std::uint64_t swarms) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= swarms; ++seed)
    sum += share_of_a_free_rider(seed, size);
  return sum / static_cast<double>(swarms);
}

} // namespace

// A swarm of 75 s has seven rounds. In the first ones no peer has earned a slot yet, so
// all slots are drawn by lot, and a free rider loses next to nothing. In 350 s
// tit-for-tat has its effect. (A giver's requests wait behind its own blocks on the same
// connection. A free rider's do not, so it never loses as much as the slots alone would
// say.)
TEST_CASE("the longer a swarm lasts the more a free rider loses") {
  double const short_swarm = mean_share(payload, 8);
  double const long_swarm = mean_share(5 * payload, 4);
  CHECK(long_swarm < 0.75);
  CHECK(long_swarm < short_swarm);
}

TEST_CASE("a newcomer with nothing to give gets its first piece") {
  auto s = make_swarm(4);
  auto& seeder = s.add_host(home);
  s.put_files(seeder);
  s.start(seeder, {}, few_slots());
  std::vector<swarm::node*> old;
  for (int i = 0; i < 8; ++i) old.push_back(&s.start(s.add_host(home), {}, few_slots()));
  REQUIRE(s.sim.run_until([&] { return got(*old[0]) > payload / 3; }, 10min));
  auto& newcomer = s.start(s.add_host(home), {}, few_slots());
  CHECK(s.sim.run_until([&] { return newcomer.torrent.status().num_pieces > 0; }, 1min));
  REQUIRE(s.sim.run_until([&] { return s.all_complete(); }, 30min));
  CHECK(s.has_right_bytes(newcomer));
}

TEST_CASE("five torrents in one session all complete") {
  io::simulation sim(6);
  io::host& seeding_host = sim.add_host(*ip_address::parse("10.0.0.2"), {.up = 500'000});
  io::host& leeching_host = sim.add_host(*ip_address::parse("10.0.0.3"));
  temporary_folder seeds, leeches;
  session::settings s;
  s.listen_interfaces = {{seeding_host.address(), 6881}};
  session::session seeder(seeding_host.doors(), s);
  s.listen_interfaces = {{leeching_host.address(), 6881}};
  session::session leecher(leeching_host.doors(), s);
  std::vector<session::torrent_handle> torrents;
  for (std::uint64_t i = 0; i < 5; ++i) {
    std::string const name = "torrent " + std::to_string(i);
    buffer const content = random_bytes(i, 300'000 + 10'000 * i);
    write_file(seeds.path() / name, content);
    session::add_torrent_params params;
    params.ti = std::make_shared<metainfo::metainfo const>(
        make_metainfo(name, {{"", content}}, piece_length));
    params.save_path = seeds.path();
    seeder.add_torrent(params);
    params.save_path = leeches.path();
    params.peers = {{seeding_host.address(), 6881}};
    torrents.push_back(leecher.add_torrent(params));
  }
  sim.spawn(seeder.run(), "seeder");
  sim.spawn(leecher.run(), "leecher");
  auto complete = [&] {
    return std::all_of(torrents.begin(), torrents.end(),
                       [](auto const& t) { return t.status().is_seeding; });
  };
  CHECK(sim.run_until(complete, 1min));
  for (std::uint64_t i = 0; i < 5; ++i) {
    std::string const name = "torrent " + std::to_string(i);
    CHECK(read_file(seeds.path() / name) == read_file(leeches.path() / name));
  }
  seeder.stop();
  leecher.stop();
  sim.run_for(5s);
  sim.end();
}
