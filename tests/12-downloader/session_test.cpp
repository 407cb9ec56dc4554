// What a person asks of a session while it runs: pause, leave, choose. And what the
// others see of it.
#include "cli/torrents.hpp"
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

constexpr std::uint32_t piece_length = 32 * 1024;
constexpr std::size_t payload = 1'000'000;
constexpr io::link slow{.up = 50'000}; // 20 s for all

swarm make_swarm(std::vector<file_content> files = {{"", random_bytes(17, payload)}},
                 std::uint64_t seed = 1) {
  metainfo::metainfo info =
      make_metainfo("payload", files, piece_length, swarm::tracker_url);
  return swarm(seed, std::move(info), std::move(files));
}

// How long run() takes to return.
duration time_to_stop(swarm& s, swarm::node& n) {
  time_point const start = s.sim.now();
  n.session->stop();
  REQUIRE(s.sim.run_until([&] { return n.ended; }, 5min));
  return s.sim.now() - start;
}

} // namespace

TEST_CASE("pause stops the traffic and resume goes on where it was") {
  auto s = make_swarm();
  s.add_seeder(slow);
  auto& leecher = s.add_leecher();
  s.sim.run_for(8s);
  leecher.torrent.pause();
  s.sim.run_for(2s);
  auto const paused = leecher.torrent.status();
  CHECK(paused.paused);
  CHECK(paused.num_peers == 0);
  CHECK(paused.num_pieces > 0);
  s.sim.run_for(60s);
  auto const later = leecher.torrent.status();
  CHECK(later.total_payload_download == paused.total_payload_download);
  CHECK(later.num_pieces == paused.num_pieces);
  leecher.torrent.resume();
  REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 1min));
  CHECK(s.has_right_bytes(leecher));
  // only what was in flight came twice
  CHECK(leecher.torrent.status().total_payload_download < payload + payload / 3);
}

TEST_CASE("a torrent that is removed leaves its files") {
  auto s = make_swarm();
  s.add_seeder();
  auto& leecher = s.add_leecher();
  REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 1min));
  leecher.session->remove_torrent(leecher.torrent);
  REQUIRE(s.sim.run_until([&] { return !leecher.torrent.is_valid(); }, 10s));
  CHECK(s.has_right_bytes(leecher));
  CHECK(leecher.session->get_torrents().empty());
}

TEST_CASE("the keys leave alone what was removed, and what has done its work") {
  auto s = make_swarm();
  auto& one = s.add_seeder();
  auto& two = s.add_leecher(slow);
  cli::torrents all;
  all.add(one.torrent);
  all.add(two.torrent);
  all.add(two.torrent); // as when it was cancelled, and comes again
  CHECK(all.all().size() == 2);
  REQUIRE(s.sim.run_until([&] { return one.torrent.status().is_seeding; }, 1min));
  all.retire(one.torrent);
  all.pause();
  all.resume();
  CHECK(one.torrent.status().paused);
  CHECK_FALSE(two.torrent.status().paused);
  two.session->remove_torrent(two.torrent);
  REQUIRE(s.sim.run_until([&] { return !two.torrent.is_valid(); }, 10s));
  all.pause();
  all.resume();
  CHECK(all.status().name == one.torrent.status().name);
}

TEST_CASE("stop during a transfer") {
  auto s = make_swarm();
  s.add_seeder(slow);
  auto& leecher = s.add_leecher();
  s.sim.run_for(8s);
  CHECK(leecher.torrent.status().num_peers == 1);
  CHECK(time_to_stop(s, leecher) < 3s);
}

TEST_CASE("stop while dialling a peer that never answers") {
  auto s = make_swarm();
  session::add_torrent_params params;
  params.peers = {*endpoint::parse("10.99.0.1:6881"), *endpoint::parse("10.99.0.2:1")};
  auto& leecher = s.add_leecher({}, std::move(params));
  s.sim.run_for(2s);
  CHECK(time_to_stop(s, leecher) < 3s);
}

TEST_CASE("stop while the tracker does not answer") {
  std::vector<file_content> files{{"", random_bytes(17, payload)}};
  swarm s(1, make_metainfo("payload", files, piece_length, "http://10.99.0.9/announce"),
          files);
  auto& leecher = s.add_leecher();
  s.sim.run_for(2s);
  CHECK(time_to_stop(s, leecher) < 3s);
}

TEST_CASE("stop when the tracker has gone silent after the first announce") {
  auto s = make_swarm();
  auto& leecher = s.add_leecher();
  s.sim.run_for(2s);
  s.tracker_host().set_up(false);
  CHECK(time_to_stop(s, leecher) < 3s);
}

TEST_CASE("stop during the check of the files") {
  io::simulation_options disk;
  disk.job_time = 5s; // a worker takes 8 MiB at a time
  io::simulation sim(1, disk);
  io::host& host = sim.add_host(*ip_address::parse("10.0.0.2"));
  temporary_folder folder;
  constexpr std::uint32_t large = 8 << 20;
  write_file(folder.path() / "zeros", {});
  std::filesystem::resize_file(folder.path() / "zeros", 20 * std::uint64_t{large});
  metainfo::metainfo info = make_metainfo("zeros", {{"", buffer(large)}}, large);
  info.total_length = 20 * std::uint64_t{large};
  info.files[0].length = info.total_length;
  info.pieces.resize(20, info.pieces[0]);
  session::settings s;
  s.listen_interfaces = {{host.address(), 6881}};
  session::session checking(host.doors(), s);
  session::add_torrent_params params;
  params.ti = std::make_shared<metainfo::metainfo const>(std::move(info));
  params.save_path = folder.path();
  auto const torrent = checking.add_torrent(std::move(params));
  bool ended = false;
  auto run = [](session::session& one, bool& done) -> task<> {
    co_await one.run();
    done = true;
  };
  sim.spawn(run(checking, ended), "session");
  sim.run_for(30s);
  CHECK(torrent.status().state == session::torrent_status::state_t::checking_files);
  checking.stop();
  CHECK(sim.run_until([&] { return ended; }, 21s)); // one job, and the goodbye's
  sim.end();
}

TEST_CASE("two peers that dial each other at the same moment keep one connection") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    auto s = make_swarm({{"", random_bytes(17, payload)}}, seed);
    auto& a = s.add_host({.up = 30'000, .latency = 10ms * static_cast<int>(seed)});
    auto& b = s.add_host({.up = 30'000});
    s.put_files(a);
    session::settings alone;
    alone.announce = false;
    s.start(a, {}, alone);
    s.start(b, {}, alone);
    s.sim.run_for(1s);
    a.torrent.connect_peer(s.at(b));
    b.torrent.connect_peer(s.at(a));
    s.sim.run_for(2s);
    CHECK(a.torrent.status().num_peers == 1);
    CHECK(b.torrent.status().num_peers == 1);
    s.sim.run_for(10s);
    CHECK(a.torrent.status().num_peers == 1);
    CHECK(b.torrent.status().num_pieces > 0);
  }
}

TEST_CASE("only the pieces of the wanted files are fetched") {
  auto s = make_swarm({{"a", random_bytes(1, 10 * piece_length)},
                       {"b", random_bytes(2, 10 * piece_length)},
                       {"c", random_bytes(3, 10 * piece_length)}});
  s.add_seeder();
  session::add_torrent_params params;
  params.wanted_files = {false, true, false};
  auto& leecher = s.add_leecher({}, std::move(params));
  REQUIRE(s.sim.run_until([&] { return leecher.torrent.status().is_finished; }, 1min));
  s.sim.run_for(10s);
  auto const status = leecher.torrent.status();
  CHECK(status.total_payload_download == 10 * piece_length);
  CHECK(status.num_pieces == 10);
  CHECK_FALSE(status.is_seeding);
  CHECK(read_file(leecher.folder.path() / "payload" / "b") ==
        random_bytes(2, 10 * piece_length));
  CHECK_FALSE(std::filesystem::exists(leecher.folder.path() / "payload" / "a"));
}

TEST_CASE("a small wanted file leaves no large neighbours behind") {
  auto s = make_swarm({{"a", random_bytes(1, 10 * piece_length - 5)},
                       {"b", random_bytes(2, 100)},
                       {"c", random_bytes(3, 10 * piece_length)}});
  s.add_seeder();
  session::add_torrent_params params;
  params.wanted_files = {false, true, false};
  params.part_names = true;
  auto& leecher = s.add_leecher({}, std::move(params));
  REQUIRE(s.sim.run_until([&] { return leecher.torrent.status().is_finished; }, 1min));
  auto const folder = leecher.folder.path();
  CHECK(read_file(folder / "payload/b") == random_bytes(2, 100));
  CHECK_FALSE(std::filesystem::exists(folder / "payload/a"));
  CHECK_FALSE(std::filesystem::exists(folder / "payload/a.part"));
  CHECK_FALSE(std::filesystem::exists(folder / "payload/c"));
  std::uint64_t all = 0;
  for (auto const& e : std::filesystem::recursive_directory_iterator(folder))
    if (e.is_regular_file()) all += e.file_size();
  CHECK(all < 3 * piece_length);
}

TEST_CASE("a file with other content under the torrent's name stays as it is") {
  auto s = make_swarm({{"a", random_bytes(1, 10 * piece_length)}});
  s.add_seeder();
  auto& leecher = s.add_host({});
  auto const mine = leecher.folder.path() / "payload/a";
  write_file(mine, as_bytes("precious"));
  s.start(leecher);
  REQUIRE(s.sim.run_until([&] { return leecher.torrent.status().paused; }, 1min));
  CHECK_THAT(leecher.torrent.status().error,
             Catch::Matchers::ContainsSubstring(mine.string()) &&
                 Catch::Matchers::ContainsSubstring("--overwrite"));
  CHECK(read_file(mine).size() == 8);
}

TEST_CASE("an empty file that is wanted alone is here at once") {
  auto s = make_swarm(
      {{"a", random_bytes(1, 1000)}, {"none", {}}, {"b", random_bytes(2, 1000)}});
  session::add_torrent_params params;
  params.wanted_files = {false, true, false};
  auto& leecher = s.add_leecher({}, std::move(params));
  REQUIRE(s.sim.run_until([&] { return leecher.torrent.status().is_finished; }, 10s));
  CHECK(std::filesystem::exists(leecher.folder.path() / "payload/none"));
  CHECK_FALSE(std::filesystem::exists(leecher.folder.path() / "payload/a"));
}

TEST_CASE("in sequential order the first half arrives first") {
  auto s = make_swarm();
  s.add_seeder(slow);
  session::add_torrent_params params;
  params.sequential_download = true;
  auto& leecher = s.add_leecher({}, std::move(params));
  s.sim.run_for(12s);
  auto const status = leecher.torrent.status();
  REQUIRE(status.num_pieces > 5);
  std::size_t first_lacking = 0;
  while (status.pieces[first_lacking]) ++first_lacking;
  CHECK(first_lacking + 1 >= status.num_pieces);
}

TEST_CASE("a finished leecher tells its peers that it is not interested") {
  auto s = make_swarm();
  session::add_torrent_params half; // has all, offers half: its connections stay
  half.upload_mode = true;
  half.share = bitfield(31);
  for (std::size_t i = 0; i < 15; ++i) half.share->set(i);
  auto& partial = s.add_seeder({}, std::move(half));
  session::add_torrent_params first_half;
  first_half.upload_mode = false;
  auto& leecher = s.add_leecher({}, std::move(first_half));
  s.sim.run_for(10s);
  auto peers = partial.torrent.get_peer_info();
  REQUIRE(peers.size() == 1);
  CHECK(leecher.torrent.status().num_pieces == 15);
  CHECK_FALSE(peers[0].peer_interested);
}

TEST_CASE("a seeder that dies in the middle is replaced by another") {
  auto s = make_swarm();
  auto& first = s.add_seeder(slow);
  auto& leecher = s.add_leecher();
  s.sim.run_for(8s);
  auto const before = leecher.torrent.status().num_pieces;
  CHECK(before > 0);
  first.host.kill();
  s.sim.run_for(1s);
  CHECK(leecher.torrent.status().num_peers == 0);
  auto& second = s.add_seeder(slow);
  leecher.torrent.connect_peer(s.at(second));
  REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 1min));
  CHECK(s.has_right_bytes(leecher));
  bool reason = false;
  for (session::peer_info const& p : leecher.torrent.past_peers())
    reason = reason || p.ended == errc::end_of_stream;
  CHECK(reason);
}
