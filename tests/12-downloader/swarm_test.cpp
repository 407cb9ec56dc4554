// Whole swarms of real sessions, in virtual time.
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

constexpr std::uint32_t piece_length = 32 * 1024;

std::vector<file_content> one_file(std::size_t size) {
  return {{"", random_bytes(7, size)}};
}

swarm make_swarm(std::uint64_t seed, std::size_t size) {
  auto files = one_file(size);
  metainfo::metainfo info =
      make_metainfo("payload.bin", files, piece_length, swarm::tracker_url);
  return swarm(seed, std::move(info), std::move(files));
}

} // namespace

TEST_CASE("one seeder and one leecher meet through the tracker") {
  auto s = make_swarm(1, 1'000'000);
  s.add_seeder();
  auto& leecher = s.add_leecher();
  REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 5min));
  CHECK(s.has_right_bytes(leecher));
  auto const status = leecher.torrent.status();
  CHECK(status.total_payload_download == 1'000'000);
  CHECK(status.total_redundant_bytes == 0);
  CHECK(status.progress == 1);
}

TEST_CASE("several files with an empty one and a piece across two files") {
  std::vector<file_content> files{{"a.bin", random_bytes(1, 50'000)},
                                  {"empty", {}},
                                  {"b.bin", random_bytes(2, 100'001)},
                                  {"c.txt", random_bytes(3, 1)}};
  metainfo::metainfo info =
      make_metainfo("folder", files, piece_length, swarm::tracker_url);
  swarm s(3, std::move(info), files);
  s.add_seeder();
  auto& leecher = s.add_leecher();
  REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 5min));
  CHECK(s.has_right_bytes(leecher));
}

TEST_CASE("three partial seeders none of which has the whole file") {
  auto s = make_swarm(5, 3 * 10 * piece_length);
  for (piece_index part = 0; part < 3; ++part) {
    session::add_torrent_params params;
    params.upload_mode = true;
    params.share = bitfield(30);
    for (piece_index i = part * 10; i < part * 10 + 10; ++i) params.share->set(i);
    s.add_seeder({}, std::move(params));
  }
  auto& leecher = s.add_leecher();
  REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 5min));
  CHECK(s.has_right_bytes(leecher));
}

TEST_CASE("fifty nodes and one seeder all complete") {
  auto s = make_swarm(50, 2'000'000);
  s.add_seeder({.up = 1'000'000});
  for (int i = 0; i < 50; ++i)
    s.add_leecher({.up = 1'000'000, .down = 4'000'000, .latency = 20ms});
  REQUIRE(s.sim.run_until([&] { return s.all_complete(); }, 30min));
  for (auto const& n : s.nodes) CHECK(s.has_right_bytes(*n));
  // the seeder alone would have needed 100 s; the leechers help each other
  CHECK(s.nodes[0]->torrent.status().total_payload_upload < 50 * 2'000'000 / 4);
}

TEST_CASE("the same seed makes the same swarm and a different seed a different one") {
  auto trace = [](std::uint64_t seed) {
    auto s = make_swarm(seed, 500'000);
    s.add_seeder({.up = 500'000});
    for (int i = 0; i < 5; ++i) s.add_leecher({.up = 500'000});
    REQUIRE(s.sim.run_until([&] { return s.all_complete(); }, 30min));
    return s.sim.trace();
  };
  auto const first = trace(9);
  CHECK(trace(9) == first);
  CHECK(trace(10) != first);
}
